"""Booking for a household: wholly or not at all, once, never more than there is, and only by who may."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.orders.booking_models import Basket, Booking, BookingChange, Phase
from marketplace.orders.booking_operations import BookingRefused, Line, save_basket
from marketplace.orders.reading import booked_lines, wanted_of
from marketplace.orders.reasons import Reason
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_group,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)


class House:
    """A group with an open order, a member with a household, and a referente."""

    def __init__(self, session):
        self.session = session
        self.group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
        self.member, self.referente = make_user(session), make_user(session)
        make_membership(session, self.member, self.group, MemberRole.MEMBER)
        make_membership(session, self.referente, self.group, MemberRole.EDITOR)
        self.household = make_household(session, self.group, self.member)
        self.cycle = make_cycle(session, self.group)
        self.key = 0

    def product(self, **values):
        return make_cycle_product(self.session, self.cycle, **values)

    def book(self, lines, *, actor=None, household=None, version=0, key=None, now=NOW, **more):
        self.key += 1
        wanted = {p.id: line if isinstance(line, Line) else Line(line) for p, line in lines.items()}
        return save_basket(
            self.session, actor or self.member, self.cycle.id, (household or self.household).id, wanted,
            version=version, key=key or f"key-{self.key}", now=now, **more,
        )  # fmt: skip

    def booked(self):
        self.session.expire_all()
        return {row.product_id: row.quantity for row in self.session.scalars(sa.select(Booking))}


@pytest.fixture
def house(session):
    return House(session)


def test_a_household_books_changes_and_takes_back(house, session):
    apples, pears = house.product(), house.product(box_size=10_000)
    first = house.book({apples: 2000, pears: Line(3000, 1000, "mature")}, note="citofono 3")
    assert first["changed"] == 2
    second = house.book({apples: 0, pears: 4000}, version=first["version"])
    assert house.booked() == {pears.id: 4000}
    assert session.scalar(sa.select(Basket.note)) == "citofono 3"
    assert session.scalar(sa.select(sa.func.count(BookingChange.id))) == 4
    assert house.book({pears: 4000}, version=second["version"])["changed"] == 0
    assert [line.goods for line in booked_lines(session, house.cycle.id)] == [2000]


def test_the_same_form_sent_twice_books_once_and_gets_the_same_answer(house):
    apples = house.product()
    first = house.book({apples: 2000}, key="once")
    assert house.book({apples: 2000}, key="once") == first
    assert house.booked() == {apples.id: 2000}


def test_who_has_an_older_page_open_is_told(house):
    apples = house.product()
    house.book({apples: 2000})
    with pytest.raises(Conflict) as told:
        house.book({apples: 3000})
    assert told.value.code == "changed_meanwhile"


def test_one_wrong_line_refuses_the_whole_form(house):
    apples, last = house.product(), house.product(available=1000, unit="jar")
    with pytest.raises(BookingRefused) as refused:
        house.book({apples: 2000, last: 2000})
    assert refused.value.reasons == {last.id: (Reason("not_enough", {"left": 1000}),)}
    house.session.rollback()
    assert house.booked() == {}


def test_what_others_booked_is_gone_across_groups(house, session):
    last = house.product(available=3000)
    other = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    make_cycle_group(session, house.cycle, other)
    make_booking(session, house.cycle, make_household(session, other), last, 3000)
    with pytest.raises(BookingRefused) as refused:
        house.book({last: 1000})
    assert refused.value.reasons[last.id][0].code == "sold_out"


def test_the_maximum_of_the_whole_order_holds(house):
    apples = house.product()
    house.cycle.maximum_total = 1500
    first = house.book({apples: 2000})
    with pytest.raises(BookingRefused) as refused:
        house.book({apples: 4000}, version=first["version"])
    assert refused.value.reasons == {0: (Reason("above_maximum_total", {"left": 500}),)}


@pytest.mark.parametrize("instant", [-1, 0, 1])
def test_at_the_closing_instant_it_is_closed(house, instant):
    apples = house.product()
    now = house.cycle.closes_at + timedelta(milliseconds=instant)
    if instant < 0:
        assert house.book({apples: 1000}, now=now)["changed"] == 1
    else:
        with pytest.raises(Conflict) as closed:
            house.book({apples: 1000}, now=now)
        assert closed.value.code == "closed"


def test_a_referente_books_for_a_neighbour_also_after_closing_and_it_is_recorded(house, session):
    apples, neighbour = house.product(), make_household(session, house.group)
    house.book({apples: 1000}, actor=house.referente, household=neighbour, now=house.cycle.closes_at)
    change = session.scalar(sa.select(BookingChange))
    assert (change.phase, change.actor_id) == (Phase.AFTER, house.referente.id)


def test_in_the_completion_only_what_helps_the_open_box_is_taken(house, session):
    house.cycle.completion_until = house.cycle.closes_at + timedelta(days=1)
    oranges, apples = house.product(box_size=10_000), house.product()
    make_booking(session, house.cycle, make_household(session, house.group), oranges, 8000)
    now = house.cycle.closes_at
    with pytest.raises(BookingRefused):
        house.book({apples: 1000}, now=now)
    with pytest.raises(BookingRefused):
        house.book({oranges: 3000}, now=now)
    assert house.book({oranges: 2000}, now=now)["changed"] == 1


def test_strangers_other_households_and_other_groups_find_nothing(house, session):
    apples = house.product()
    neighbour = make_household(session, house.group, make_user(session))
    other = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    elsewhere = make_user(session)
    make_membership(session, elsewhere, other, MemberRole.OWNER)
    make_cycle_group(session, house.cycle, other)
    for actor, household in [
        (house.member, neighbour),
        (elsewhere, house.household),
        (make_user(session), house.household),
        (house.referente, make_household(session, other)),
    ]:
        with pytest.raises(NotFound):
            house.book({apples: 1000}, actor=actor, household=household)


def test_a_product_of_another_order_is_not_found(house, session):
    foreign = make_cycle_product(session, make_cycle(session, house.group))
    with pytest.raises(NotFound):
        house.book({foreign: 1000})


def test_a_late_rise_counts_from_its_own_time(house, session):
    apples = house.product()
    first = house.book({apples: 2000})
    house.book({apples: 5000}, version=first["version"], now=NOW + timedelta(hours=3))
    want = next(iter(wanted_of(session, house.cycle.id)[0].wants))
    assert [(part.quantity, part.at) for part in want.parts] == [
        (2000, NOW),
        (3000, NOW + timedelta(hours=3)),
    ]


def test_a_first_note_with_nothing_booked_is_not_lost_without_a_word(house, session):
    apples = house.product()
    with pytest.raises(Conflict) as refused:
        house.book({apples: 0}, key="one", note="niente sedano, per favore")
    assert refused.value.code == "nothing"
    house.book({apples: 1000}, key="one", note="niente sedano, per favore")
    assert session.scalar(sa.select(Basket.note)) == "niente sedano, per favore"


def test_a_note_alone_makes_older_pages_of_the_booking_old(house):
    first = house.book({house.product(): 1000}, note="citofono 3")
    house.book({}, version=first["version"], note="citofono 4", now=NOW + timedelta(minutes=1))
    with pytest.raises(Conflict) as refused:
        house.book({}, version=first["version"], note="citofono 5")
    assert refused.value.code == "changed_meanwhile"


def test_a_place_of_another_group_is_no_place_of_a_first_form_either(house, session):
    apples = house.product()
    other = make_cycle_group(session, house.cycle, make_organisation(session, kinds=(Kind.BUYING_GROUP,)))
    with pytest.raises(Invalid) as refused:
        house.book({apples: 1000}, place_id=other.places[0].id)
    assert refused.value.field == "place"
    assert house.booked() == {}
