"""Needs add up exactly, whatever their order, and nobody's with itself."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.areas import Place, RadiusArea
from geo.points import Point
from marketplace.pooling.adding_up import CLOSE_KM, Need, Reach, Supply, passes, pools
from tests.search.factories import TREE

TODAY = date(2026, 11, 20)
HERE, NEAR, FAR = Point(45.70, 9.67), Point(45.75, 9.70), Point(46.50, 10.50)
GOAT = "food.cheese.goat"


def need(number=1, group=None, **changes) -> Need:
    values = {
        "demand_id": number,
        "lot_id": number,
        "organisation_id": group or number,
        "category": GOAT,
        "unit": "kg",
        "quantity": 6_000,
        "place": Place(HERE),
    }
    return Need(**values | changes)


def supply(**changes) -> Supply:
    values = {"offer_id": 1, "organisation_id": 99, "category": GOAT, "unit": "kg", "minimum": 10_000}
    return Supply(**values | changes)


def added(needs, *supplies):
    return [(pool.demand_ids, pool.quantity) for pool in pools(needs, supplies or [supply()], TREE, TODAY)]


def test_two_groups_pass_together_what_neither_passes_alone():
    assert added([need(1), need(2)]) == [({1, 2}, 12_000)]
    assert added([need(1, quantity=10_000), need(2, quantity=10_000)]) == []


def test_two_needs_of_one_group_are_not_pooled():
    assert added([need(1, group=7), need(2, group=7)]) == []


def test_another_unit_category_or_time_does_not_add_up():
    for changes in (
        {"unit": "piece"},
        {"category": "cleaning"},
        {"first_day": date(2027, 3, 1), "months": frozenset({3})},
    ):
        other = need(2, **changes)
        first = need(1, last_day=date(2027, 1, 31))
        assert added([first, other]) == []
    assert added([need(1), need(2, category="food.cheese")]) == [({1, 2}, 12_000)]
    assert added([need(1, category="food.cheese"), need(2)], supply(category="food.cheese")) == []


def test_places_are_reached_by_one_area_or_lie_close():
    away = need(2, place=Place(FAR))
    assert added([need(1), away]) == []
    assert added([need(1), need(2, place=Place(NEAR))]) != []
    both = supply(reaches=(Reach(RadiusArea(200, HERE)),))
    each = supply(reaches=(Reach(RadiusArea(CLOSE_KM, HERE)), Reach(RadiusArea(CLOSE_KM, FAR))))
    assert added([need(1), away], both) == [({1, 2}, 12_000)]
    assert added([need(1), away], each) == []


def test_the_minimum_of_an_area_is_in_money():
    area = Reach(RadiusArea(20, HERE), minimum_cents=10_000)
    dear = supply(minimum=None, price=100_000, reaches=(area,))
    assert added([need(1), need(2)], dear) == [({1, 2}, 12_000)]
    assert added([need(1), need(2)], supply(minimum=None, price=None, reaches=(area,))) == []
    assert passes(dear, 10_000, 10_000)
    assert not passes(dear, 9_999, 10_000)


def test_a_whole_box_is_a_minimum_too():
    assert added([need(1), need(2)], supply(minimum=None, box=12_000)) == [({1, 2}, 12_000)]
    assert added([need(1), need(2)], supply(minimum=None)) == []


needs = st.lists(
    st.builds(
        need,
        number=st.integers(1, 30),
        group=st.integers(1, 5),
        quantity=st.integers(0, 9_000),
        category=st.sampled_from([GOAT, "food.cheese", "cleaning"]),
        unit=st.sampled_from(["kg", "kg", "piece"]),
        place=st.sampled_from([Place(HERE), Place(NEAR), Place(FAR)]),
        first_day=st.sampled_from([None, TODAY, date(2027, 2, 1)]),
        last_day=st.sampled_from([None, date(2027, 1, 15), date(2027, 6, 1)]),
        months=st.sampled_from([frozenset(), frozenset({11, 12}), frozenset({3})]),
    ),
    max_size=8,
    unique_by=lambda one: one.demand_id,
)
supplies = st.lists(
    st.builds(
        supply,
        offer_id=st.integers(1, 9),
        minimum=st.sampled_from([None, 5_000, 12_000]),
        box=st.sampled_from([None, 8_000]),
        price=st.sampled_from([None, 50_000]),
        reaches=st.sampled_from([(), (Reach(RadiusArea(30, HERE), 4_000),), (Reach(RadiusArea(300, HERE)),)]),
    ),
    max_size=3,
    unique_by=lambda one: one.offer_id,
)


@settings(max_examples=50)
@given(needs, supplies, st.randoms())
def test_order_plays_no_part_sums_are_exact_and_nobody_is_pooled_with_itself(needs, supplies, random):
    found = pools(needs, supplies, TREE, TODAY)
    shuffled, others = list(needs), list(supplies)
    random.shuffle(shuffled)
    random.shuffle(others)
    # the same need given twice counts once
    assert pools(shuffled + shuffled, others, TREE, TODAY) == found
    for pool in found:
        assert pool.quantity == sum(one.quantity for one in pool.needs)
        assert len(pool.needs) == len(set(pool.needs))
        assert len({one.organisation_id for one in pool.needs}) >= 2
        assert passes(pool.supply, pool.quantity, pool.minimum_cents)
        assert {one.unit for one in pool.needs} == {pool.supply.unit}
