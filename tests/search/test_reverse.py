"""The reverse view by example; that it agrees with the ranking is among the invariants."""

from dataclasses import replace

from geo.points import Point
from search.demand import Lot
from search.reverse import demands_for
from tests.search.factories import AT_BERGAMO, CRITERIA, NOW, TREE, demand, offer, supplier


def seen(one, *demands):
    return demands_for(one, enumerate(demands), tree=TREE, criteria=CRITERIA, now=NOW)


def test_a_supplier_sees_the_demands_it_answers_best_first_then_those_it_misses_by_one_must():
    one = supplier(offer("food.cheese", months=frozenset({6})))
    found = seen(
        one,
        demand(months=frozenset({1})),
        demand(Lot("food.cheese.goat")),
        demand(Lot("care")),
        demand(Lot("food.cheese")),
    )
    assert [(view.key, bool(view.match), bool(view.near_miss)) for view in found] == [
        (3, True, False),
        (1, True, False),
        (0, False, True),
    ]


def test_equal_demands_are_nearer_first():
    near = demand()
    far = replace(near, place=replace(AT_BERGAMO, point=Point(45.705, 9.67)))
    assert [view.key for view in seen(supplier(offer()), far, near)] == [1, 0]


def test_who_is_not_placed_sees_nothing():
    assert seen(supplier(offer(), seat=None), demand()) == ()
