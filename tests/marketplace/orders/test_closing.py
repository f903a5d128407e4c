"""The end of booking: once, explained, and what happens where the minimum is not reached."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.catalogue.import_models import PrivateListItem
from marketplace.errors import Conflict, NotFound
from marketplace.orders.booking_models import Allotment, Basket, Booking, GroupAllotment, OrderNotice
from marketplace.orders.given_queries import given_to
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import MinimumChoice, OrderCycle
from marketplace.orders.operations import (
    MinimumNotReached,
    cancel_cycle,
    choose_where_minimum_missed,
    fix_cycle,
)
from marketplace.orders.queries import totals_of
from marketplace.orders.rounds import look_after_orders
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_private_list,
    make_user,
)
from tests.support.mails import mails


class House:
    def __init__(self, session):
        self.session = session
        self.group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
        self.referente, self.member = make_user(session), make_user(session)
        make_membership(session, self.referente, self.group, MemberRole.EDITOR)
        make_membership(session, self.member, self.group, MemberRole.MEMBER)
        self.household = make_household(session, self.group, self.member)
        self.cycle = self.make_cycle()
        self.closed = self.cycle.closes_at

    def make_cycle(self, **values):
        cycle = make_cycle(self.session, self.group, coordinator_id=self.referente.id, **values)
        cycle.groups[0].referente_id = self.referente.id
        return cycle

    def mails(self):
        return [(mail["to"], mail["text"]) for mail in mails(self.session)]


@pytest.fixture
def house(session):
    return House(session)


def test_it_is_closed_once_and_every_difference_is_explained(house, session):
    oranges = make_cycle_product(session, house.cycle, box_size=10_000)
    make_booking(session, house.cycle, house.household, oranges, 6000)
    late = make_household(session, house.group)
    make_booking(session, house.cycle, late, oranges, 5000, booked_at=NOW + timedelta(hours=1))
    assert fix_cycle(session, house.cycle.id, now=house.closed, actor=house.referente) is True
    assert fix_cycle(session, house.cycle.id, now=house.closed, actor=house.referente) is False
    assert session.scalar(sa.select(GroupAllotment.quantity)) == 10_000
    basket = session.scalar(sa.select(Basket).where(Basket.household_id == late.id))
    row = given_to(session, house.cycle, basket_id=basket.id)[0]
    assert (row.booked, row.given, row.reasons[0].code) == (5000, 4000, "box_not_filled")
    assert totals_of(session, house.cycle)[basket.id].amount == 2000
    assert [to for to, _text in house.mails()] == [house.referente.email]


def test_it_is_not_closed_while_households_book_nor_by_others(house, session):
    with pytest.raises(Conflict) as refused:
        fix_cycle(session, house.cycle.id, now=house.closed - timedelta(seconds=1))
    assert refused.value.code == "not_closed"
    with pytest.raises(NotFound):
        fix_cycle(session, house.cycle.id, now=house.closed, actor=make_user(session))


def missed(house, **values):
    apples = make_cycle_product(house.session, house.cycle, **values)
    make_booking(house.session, house.cycle, house.household, apples, 2000)
    house.cycle.minimum_total = 5000
    with pytest.raises(MinimumNotReached) as told:
        fix_cycle(house.session, house.cycle.id, now=house.closed)
    assert (told.value.total, told.value.minimum) == (1000, 5000)
    return apples


def choose(house, choice, **more):
    return choose_where_minimum_missed(
        house.session, house.referente, house.cycle.id, choice, now=house.closed, **more
    )


def test_more_time_opens_it_again_and_everybody_is_told(house):
    missed(house)
    choose(house, MinimumChoice.EXTENDED, closes_at=house.closed + timedelta(days=2))
    assert state(house.cycle, house.closed) is State.OPEN
    assert {to for to, _text in house.mails()} == {house.referente.email, house.member.email}


def test_sent_anyway_goes_ahead(house, session):
    missed(house)
    choose(house, MinimumChoice.SENT_ANYWAY)
    assert house.cycle.fixed_at == house.closed
    assert session.scalar(sa.select(Allotment.quantity)) == 2000


def test_released_owes_nothing(house):
    missed(house)
    choose(house, MinimumChoice.RELEASED)
    assert state(house.cycle, house.closed) is State.CANCELLED
    assert len(house.mails()) == 2


def test_merged_bookings_go_into_the_next_order_of_the_same_supplier(house, session):
    kept = make_private_list(session, house.group)
    item = PrivateListItem(list_id=kept.id, title="Mele", unit="kg", price=50_000, updated_at=NOW)
    session.add(item)
    session.flush()
    following = house.make_cycle(closes_at=house.closed + timedelta(days=7))
    for cycle in (house.cycle, following):
        cycle.sources[0].private_list_id = kept.id
    there = make_cycle_product(session, following, item_id=item.id)
    make_booking(session, following, house.household, there, 1000)
    missed(house, item_id=item.id)
    assert choose(house, MinimumChoice.MERGED).id == following.id
    session.expire_all()
    assert house.cycle.merged_into_id == following.id
    quantities = session.scalars(
        sa.select(Booking.quantity)
        .join(Basket, Basket.id == Booking.basket_id)
        .where(Basket.cycle_id == following.id)
    ).all()
    assert quantities == [3000]


def test_cancelling_tells_everybody_why(house, session):
    make_booking(session, house.cycle, house.household, make_cycle_product(session, house.cycle))
    cancel_cycle(session, house.referente, house.cycle.id, "Grandine", now=NOW)
    assert {to for to, text in house.mails() if "Grandine" in text} == {
        house.referente.email,
        house.member.email,
    }


def test_the_worker_reminds_asks_for_help_and_closes_each_once(house, session):
    house.cycle.completion_until = house.closed + timedelta(days=1)
    oranges = make_cycle_product(session, house.cycle, title="Arance", box_size=10_000)
    make_booking(session, house.cycle, house.household, oranges, 8000)
    session.commit()
    for now, done in [
        (house.closed - timedelta(days=2), 1),
        (house.closed - timedelta(days=2), 0),
        (house.closed - timedelta(hours=23), 1),
        (house.closed - timedelta(hours=1), 0),
        (house.closed, 1),
        (house.closed + timedelta(hours=1), 0),
        (house.cycle.completion_until, 1),
        (house.cycle.completion_until + timedelta(days=1), 0),
    ]:
        assert look_after_orders(session, now) == done, now
    assert set(session.scalars(sa.select(OrderNotice.kind))) == {"opened", "reminder", "box"}
    assert any("Arance: 2" in text for _to, text in house.mails())
    assert session.scalar(sa.select(OrderCycle.fixed_at)) is not None


def test_the_worker_tells_of_a_missed_minimum_once(house, session):
    missed(house)
    session.commit()
    for days in (0, 1, 2):
        assert look_after_orders(session, house.closed + timedelta(days=days)) == 0
    assert len(house.mails()) == 1
