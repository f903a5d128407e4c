"""A person who goes takes along what their household says of them, and no money changes."""

import json

import sqlalchemy as sa

from marketplace.accounts.operations import erase_account
from marketplace.accounts.queries import own_data
from marketplace.households.models import Household, HouseholdMember
from marketplace.orders.booking_models import Booking
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)


def test_a_household_of_one_is_exported_and_then_called_by_its_number(session):
    group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    person, other = make_user(session, name="Ada"), make_user(session)
    for one in (person, other):
        make_membership(session, one, group, MemberRole.MEMBER)
    alone = make_household(
        session, group, person, name="Famiglia Ada", phone="035 1", email=person.email, note="scala B"
    )
    shared = make_household(session, group, person, other, name="Due di noi", email=person.email.upper())
    cycle = make_cycle(session, group)
    booking = make_booking(session, cycle, alone, make_cycle_product(session, cycle), 3000, note="celiaca")
    booking.basket.note = "suona due volte"
    session.commit()
    exported = json.dumps(own_data(session, person), ensure_ascii=False)
    for told in ("Famiglia Ada", "035 1", "scala B", "celiaca", "suona due volte", "Due di noi", "3 kg"):
        assert told in exported
    assert own_data(session, other)["households"][0]["name"] == "Due di noi"

    erase_account(session, person, NOW)

    session.expire_all()
    home = session.get_one(Household, alone.id)
    assert (home.name, home.email, home.phone, home.note) == (f"n. {home.id}", "", "", "")
    assert home.erased_at == NOW
    kept = session.get_one(Booking, booking.id)
    assert (kept.quantity, kept.note, kept.basket.note) == (3000, "", "")
    assert (shared.name, shared.email, shared.erased_at) == ("Due di noi", "", None)
    assert session.scalars(sa.select(HouseholdMember.person_id)).all() == [other.id]
