"""A joint answer is scored lot by lot by who brings it, and every part of the score has its partner."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.points import Point
from marketplace.choosing.joint_scores import Brought, joint_scores
from search.demand import Lot, Preferred
from search.memory import World
from tests.search import worlds
from tests.search.factories import BERGAMO, CRITERIA, NOW, TREE, claim, demand, offer, supplier


def scored(asked, suppliers, *brought, now=NOW):
    world = World(suppliers, TREE, CRITERIA)
    return joint_scores(asked, {1: brought}, lambda part: world.match(part, now))[1]


def one_match(asked, one, now=NOW):
    return next(iter(World([one], TREE, CRITERIA).match(asked, now).matches), None)


@st.composite
def bringing(draw, suppliers, asked):
    """Who brings what of a demand: any of the suppliers any of the lots."""
    ids = st.sampled_from([one.id for one in suppliers])
    lots = st.integers(0, len(asked.lots) - 1)
    quantities = st.sampled_from([None, 1_000, 2_000, 7_000])
    return draw(st.lists(st.builds(Brought, ids, lots, quantities), min_size=1, max_size=6))


@given(worlds.worlds(most=3), worlds.demands(), worlds.moments)
def test_who_brings_everything_alone_gets_its_own_score(suppliers, asked, now):
    for one in suppliers:
        joint = scored(asked, suppliers, *(Brought(one.id, lot) for lot in range(len(asked.lots))), now=now)
        match = one_match(asked, one, now)
        if match is None:
            assert (joint.score, joint.unsuitable) == (None, (one.id,))
        else:
            assert joint.score == pytest.approx(match.score, abs=1e-9)
            assert joint.contributions == pytest.approx(match.contributions, abs=1e-9)


@given(worlds.worlds(most=4), worlds.demands(), st.data())
def test_the_parts_add_up_and_their_order_never_matters(suppliers, asked, data):
    brought = data.draw(bringing(suppliers, asked))
    joint = scored(asked, suppliers, *brought)
    assert {part.supplier_id for part in joint.parts} == {one.supplier_id for one in brought}
    assert scored(asked, suppliers[::-1], *data.draw(st.permutations(brought))) == joint
    if joint.score is None:
        assert joint.unsuitable or joint.divided
        assert not any(part.contributions for part in joint.parts)
        return
    assert -1e-9 <= joint.score <= 1 + 1e-9
    told = [part.contributions for part in joint.parts] + [joint.unanswered]
    assert sum(sum(one.values()) for one in told) == pytest.approx(joint.score, abs=1e-9)
    for component, whole in joint.contributions.items():
        assert sum(one.get(component, 0) for one in told) == pytest.approx(whole, abs=1e-9)


@given(worlds.worlds(most=1), worlds.demands(), st.data())
def test_who_are_alike_are_worth_together_what_each_is_worth(suppliers, asked, data):
    """However the lots are shared out among them, where nobody brings only what it has not."""
    (one,) = suppliers
    twins = [replace(one, id=one.id + number) for number in range(3)]
    brought = [Brought(data.draw(st.sampled_from(twins)).id, lot, 1_000) for lot in range(len(asked.lots))]
    joint, match = scored(asked, twins, *brought), one_match(asked, one)
    if joint.score is not None and match is not None:
        assert joint.contributions == pytest.approx(match.contributions, abs=1e-9)


CHEESE = Lot(category="food.cheese", quantity=10_000, unit="kg", budget=100_000)
APPLES = Lot(category="food.fruit.apples", quantity=10_000, unit="kg", budget=100_000)
BOTH = demand(CHEESE, APPLES, preferred=(Preferred("anything"),))


def dairy(**overrides):
    return supplier(offer("food.cheese", price=100_000, **overrides), claims=(claim("anything"),))


def orchard(seat=BERGAMO):
    return supplier(offer("food.fruit.apples", price=150_000), seat=seat)


def test_each_lot_counts_by_who_brings_it():
    milk, fruit = dairy(), orchard()
    joint = scored(BOTH, [milk, fruit], Brought(milk.id, 0), Brought(fruit.id, 1))
    # weights 3, 2, 4, 1: both lots are fitted whole, both are near, one of two is proven, one costs half too much
    assert joint.contributions == pytest.approx({"fit": 0.3, "proximity": 0.2, "values": 0.2, "price": 0.075})
    first, second = joint.parts
    assert first.contributions == pytest.approx({"fit": 0.15, "proximity": 0.1, "values": 0.2, "price": 0.05})
    assert second.contributions == pytest.approx(
        {"fit": 0.15, "proximity": 0.1, "values": 0.0, "price": 0.025}
    )


def test_together_they_stand_above_each_alone():
    milk, fruit = dairy(), orchard()
    joint = scored(BOTH, [milk, fruit], Brought(milk.id, 0), Brought(fruit.id, 1))
    # alone the dairy leaves the apples out and their price unknown
    assert one_match(BOTH, fruit).score < joint.score
    assert one_match(demand(CHEESE, APPLES), milk).score < scored(
        demand(CHEESE, APPLES), [milk, fruit], Brought(milk.id, 0), Brought(fruit.id, 1)
    ).score  # fmt: skip


def test_who_brings_more_of_a_lot_counts_more_and_never_for_more_than_it_has():
    one, other = dairy(available=1_000), dairy()
    joint = scored(demand(CHEESE), [one, other], Brought(one.id, 0, 4_000), Brought(other.id, 0, 6_000))
    # four tenths are said and one tenth is there
    assert joint.contributions["fit"] == pytest.approx(3 / 6 * 0.7)
    assert joint.parts[1].contributions["price"] == pytest.approx(1 / 6 * 0.6)


def test_of_a_lot_without_quantities_all_bring_equal_parts():
    milk, fruit = dairy(), dairy()
    joint = scored(demand(CHEESE), [milk, fruit], Brought(milk.id, 0), Brought(fruit.id, 0, 9_000))
    assert joint.parts[0].contributions == pytest.approx(dict(joint.parts[1].contributions))


def test_what_nobody_brings_counts_nothing_and_its_price_is_unknown():
    milk, fruit = dairy(), orchard()
    joint = scored(BOTH, [milk, fruit], Brought(milk.id, 0))
    assert joint.contributions["fit"] == pytest.approx(0.15)
    assert joint.unanswered == pytest.approx({"price": 0.025})


def test_nearness_counts_by_lots():
    milk, far = dairy(), orchard(Point(45.85, 9.67))
    near = scored(BOTH, [milk, far], Brought(milk.id, 0)).contributions["proximity"]
    mixed = scored(BOTH, [milk, far], Brought(milk.id, 0), Brought(far.id, 1)).contributions["proximity"]
    alone = scored(BOTH, [milk, far], Brought(far.id, 1)).contributions["proximity"]
    assert mixed == pytest.approx((near + alone) / 2)


def test_a_partner_that_has_not_what_it_brings_leaves_no_score():
    milk, fruit = dairy(), orchard()
    joint = scored(BOTH, [milk, fruit], Brought(milk.id, 0), Brought(fruit.id, 0), Brought(fruit.id, 1))
    assert joint.score is not None
    joint = scored(BOTH, [milk, fruit], Brought(milk.id, 0), Brought(milk.id, 1), Brought(fruit.id, 0))
    assert (joint.score, joint.unsuitable) == (None, (fruit.id,))


def test_what_may_not_be_split_comes_from_one():
    one, other = dairy(), dairy()
    asked = demand(replace(CHEESE, splittable=False), APPLES)
    joint = scored(asked, [one, other], Brought(one.id, 0, 5_000), Brought(other.id, 0, 5_000))
    assert (joint.score, joint.divided) == (None, (0,))


def test_nobody_who_brings_anything_has_no_score():
    assert scored(BOTH, [dairy()]).score is None
