"""What each must costs."""

from dataclasses import replace

from hypothesis import given, settings

from marketplace.demands.relaxing import Must, counted, relaxations
from search.demand import Lot, Required
from search.memory import World
from tests.search import worlds
from tests.search.factories import CRITERIA, NOW, TREE, claim, demand, offer, supplier


def certified(**values):
    return supplier(offer("food.fruit.apples"), claims=(claim("organic", "certified"),), **values)


def apples(**values):
    return demand(Lot("food.fruit.apples"), **values)


def world(*suppliers):
    return World(suppliers, TREE, CRITERIA)


def test_without_the_organic_requirement_so_many_instead_of_so_many():
    asked = apples(required=(Required("organic", frozenset({"certified"})),))
    answer = counted(
        world(certified(), *(supplier(offer("food.fruit.apples")) for _ in range(3))), asked, NOW
    )
    assert answer.suitable == 1
    assert [(cost.must, cost.criterion, cost.suitable) for cost in answer.without] == [
        (Must.CRITERION, "organic", 4)
    ]
    assert answer.unheld == ()


def test_a_criterion_that_nobody_has_is_named():
    asked = apples(required=(Required("organic", frozenset({"certified"})),))
    assert counted(world(supplier(offer("food.fruit.apples"))), asked, NOW).unheld == ("organic",)
    assert counted(world(supplier(offer("care.parks"))), asked, NOW).unheld == ()


def test_what_the_law_fixes_is_not_dropped():
    asked = apples(qualifications=frozenset({"albo_b"}))
    one = world(supplier(offer("food.fruit.apples")))
    assert [cost.must for cost in counted(one, asked, NOW).without] == [Must.RESERVED]
    assert counted(one, asked, NOW, fixed=frozenset({Must.RESERVED})).without == ()


@settings(max_examples=50, deadline=None)
@given(worlds.worlds(), worlds.demands(), worlds.moments)
def test_dropping_a_must_never_loses_anybody(suppliers, asked, now):
    # a lot that nobody covers is not judged for its quantity: with more who cover it, one may have too little
    asked = replace(asked, lots=tuple(replace(lot, splittable=True) for lot in asked.lots))
    found = world(*suppliers)
    for _, _, without in relaxations(asked):
        assert found.match(without, now).eligible >= found.match(asked, now).eligible


def test_a_demand_without_musts_has_nothing_to_drop():
    assert list(relaxations(replace(apples(), required=()))) == []
