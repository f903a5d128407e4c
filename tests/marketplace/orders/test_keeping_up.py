"""What changes once an order is open: products taken out, places, groups that leave, series, mails, notes that are forgotten."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.errors import Conflict, NotAllowed, NotFound
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.models import MailPreference
from marketplace.orders.booking_models import Allotment, Basket, Booking
from marketplace.orders.group_operations import ask_to_join, change_places, leave_cycle
from marketplace.orders.models import CycleGroup, OrderSeries
from marketplace.orders.opening_operations import Place
from marketplace.orders.operations import fix_cycle
from marketplace.orders.retention_round import forget_old_notes
from marketplace.orders.series_round import stop_series
from marketplace.orders.telling_round import remind, tell_opened
from marketplace.orders.withdrawing import set_withdrawn
from marketplace.organisations.models import Kind, MemberRole
from marketplace.pooling.models import PooledNeed
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_group,
    make_cycle_product,
    make_demand,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)
from tests.support.mails import mails


class House:
    def __init__(self, session):
        self.session = session
        self.group, self.referente, self.member, self.household = self.make_group()
        self.cycle = make_cycle(session, self.group, open_to_groups=True)

    def make_group(self):
        group = make_organisation(self.session, kinds=(Kind.BUYING_GROUP,))
        referente, member = make_user(self.session), make_user(self.session)
        make_membership(self.session, referente, group, MemberRole.EDITOR)
        make_membership(self.session, member, group, MemberRole.MEMBER)
        return group, referente, member, make_household(self.session, group, member)

    def mails(self):
        return [(mail["to"], mail) for mail in mails(self.session)]


@pytest.fixture
def house(session):
    return House(session)


def test_what_is_withdrawn_nobody_gets_and_who_booked_it_is_told(house, session):
    apples = make_cycle_product(session, house.cycle, title="Mele")
    make_booking(session, house.cycle, house.household, apples, 2000)
    with pytest.raises(NotAllowed):
        set_withdrawn(session, house.member, house.cycle.id, apples.id, True, now=NOW)
    for _again in range(2):
        set_withdrawn(session, house.referente, house.cycle.id, apples.id, True, now=NOW)
    assert [to for to, _mail in house.mails()] == [house.member.email]
    fix_cycle(session, house.cycle.id, now=house.cycle.closes_at)
    assert session.scalars(sa.select(Allotment.quantity)).all() == [0]
    set_withdrawn(session, house.referente, house.cycle.id, apples.id, False, now=house.cycle.closes_at)
    assert session.scalars(sa.select(Allotment.quantity)).all() == [2000]


def test_a_group_has_several_places_also_later_but_none_is_taken_from_under_a_household(house, session):
    group, referente, _member, household = house.make_group()
    places = [Place("Garage"), Place("Oratorio", "Via Roma 1")]
    joined = ask_to_join(session, referente, house.cycle, group, places, "", now=NOW)
    garage = joined.places[0].id
    joined.admitted_at = NOW
    booked = make_booking(session, house.cycle, household, make_cycle_product(session, house.cycle))
    session.get_one(Basket, booked.basket_id).place_id = garage
    session.commit()
    later = [Place("Cortile"), Place("Garage", starts_at=NOW)]
    change_places(session, referente, house.cycle.id, joined.id, later, now=NOW)
    assert [(place.name, place.id == garage) for place in joined.places] == [
        ("Cortile", False),
        ("Garage", True),
    ]
    with pytest.raises(Conflict):
        change_places(session, referente, house.cycle.id, joined.id, later[:1], now=NOW)
    with pytest.raises(NotFound):
        change_places(session, house.referente, house.cycle.id, joined.id, later, now=NOW)


def test_a_group_leaves_as_long_as_nobody_has_booked(house, session):
    group, referente, _member, household = house.make_group()
    joined = make_cycle_group(session, house.cycle, group)
    with pytest.raises(NotFound):
        leave_cycle(session, house.referente, house.cycle.id, joined.id, now=NOW)
    make_booking(session, house.cycle, household, make_cycle_product(session, house.cycle))
    with pytest.raises(Conflict):
        leave_cycle(session, referente, house.cycle.id, joined.id, now=NOW)
    session.execute(sa.delete(Booking))
    leave_cycle(session, referente, house.cycle.id, joined.id, now=NOW)
    assert session.get_one(CycleGroup, joined.id).left_at == NOW


def test_a_series_is_stopped_by_its_group_only(house, session):
    series = OrderSeries(
        organisation_id=house.group.id, every_weeks=2, starts_on=NOW.date(), pattern={}, created_at=NOW
    )
    session.add(series)
    session.flush()
    with pytest.raises(NotAllowed):
        stop_series(session, house.member, series, now=NOW)
    stop_series(session, house.referente, series, now=NOW)
    assert series.stopped_at == NOW


def test_the_opening_is_told_once_to_all_with_an_account_and_can_be_stopped(house, session):
    other = make_user(session)
    make_membership(session, other, house.group, MemberRole.MEMBER)
    make_household(session, house.group, other)
    make_household(session, house.group)  # nobody signs in
    session.add(MailPreference(person_id=other.id, kind=MailKind.ORDERS, wanted=False, at=NOW))
    session.commit()
    assert [tell_opened(session, NOW), tell_opened(session, NOW)] == [1, 0]
    ((to, mail),) = house.mails()
    assert to == house.member.email
    assert mail["unsubscribe"]
    assert remind(session, NOW) == 0
    assert remind(session, house.cycle.closes_at - timedelta(hours=20)) == 1
    assert len(house.mails()) == 2


def test_a_group_that_agreed_to_the_common_need_joins_without_waiting(house, session):
    group, referente, *_rest = house.make_group()
    common, theirs = make_demand(session, house.group), make_demand(session, group)
    session.add(
        PooledNeed(common_id=common.id, demand_id=theirs.id, agreed_at=NOW, agreed_by_id=referente.id)
    )
    house.cycle.demand_id = common.id
    session.flush()
    assert (
        ask_to_join(session, referente, house.cycle, group, [Place("Sala")], "", now=NOW).admitted_at == NOW
    )


def test_notes_are_forgotten_once_they_were_kept_long_enough(house, session):
    booking = make_booking(session, house.cycle, house.household, make_cycle_product(session, house.cycle))
    basket = session.get_one(Basket, booking.basket_id)
    booking.note = basket.note = "celiachia"
    session.commit()
    late = NOW + timedelta(days=400)
    assert forget_old_notes(session, late) == 0
    house.cycle.settled_at = NOW + timedelta(days=300)
    session.commit()
    assert forget_old_notes(session, late) == 0
    late = NOW + timedelta(days=480)
    assert [forget_old_notes(session, late), forget_old_notes(session, late)] == [1, 0]
    session.expire_all()
    assert (booking.note, basket.note, booking.quantity) == ("", "", 1000)
