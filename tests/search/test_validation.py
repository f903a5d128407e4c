"""What may be asked: every rule names its field and gives a code."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from search.demand import InvalidDemand, Lot, Mode, Preferred, Profile, Required, Weights
from search.validation import CODES, problems, validated
from tests.search import worlds
from tests.search.factories import CRITERIA, PUBLIC_WEIGHTS, TREE, demand

CERTIFIED = frozenset({"certified"})


def said(asked) -> list[tuple[str, str]]:
    found = list(problems(asked, TREE, CRITERIA))
    for problem in found:
        assert set(problem.values) == set(CODES[problem.code])
    return [(problem.field, problem.code) for problem in found]


def public(*lots, **values):
    return demand(*lots, **{"profile": Profile.PUBLIC, "weights": PUBLIC_WEIGHTS, **values})


def test_a_plain_demand_of_a_community_may_be_asked():
    asked = demand()
    assert validated(asked, TREE, CRITERIA) is asked


@settings(max_examples=50)
@given(worlds.demands())
def test_the_generated_demands_may_be_asked(asked):
    assert said(asked) == []


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"profile": "company"}, "profile", "unknown"),
        ({"mode": "teleport"}, "mode", "unknown"),
        ({"place": None}, "place", "missing"),
        ({"lots": ()}, "lots", "missing"),
        ({"lots": (Lot("food"),) * 101}, "lots", "too_many"),
        ({"lots": (Lot(),)}, "lots.0.category", "missing"),
        ({"lots": (Lot("food"), Lot("weapons"))}, "lots.1.category", "unknown"),
        ({"lots": (Lot(cpv="abc"),)}, "lots.0.cpv", "malformed"),
        ({"lots": (Lot("food", text="x" * 501),)}, "lots.0.text", "too_long"),
        ({"lots": (Lot("food", quantity=0),)}, "lots.0.quantity", "not_positive"),
        ({"lots": (Lot("food", quantity=-5),)}, "lots.0.quantity", "not_positive"),
        ({"lots": (Lot("food", quantity=1.5),)}, "lots.0.quantity", "not_a_number"),
        ({"lots": (Lot("food", quantity=10**30),)}, "lots.0.quantity", "out_of_range"),
        ({"lots": (Lot("food", budget=0),)}, "lots.0.budget", "not_positive"),
        ({"lots": (Lot("food", budget=True),)}, "lots.0.budget", "not_a_number"),
        ({"half_life_km": 4.9}, "half_life_km", "out_of_range"),
        ({"half_life_km": 50.1}, "half_life_km", "out_of_range"),
        ({"half_life_km": float("nan")}, "half_life_km", "not_a_number"),
        ({"half_life_km": 10**400}, "half_life_km", "out_of_range"),
        ({"max_distance_km": -1.0}, "max_distance_km", "out_of_range"),
        ({"max_distance_km": float("inf")}, "max_distance_km", "not_a_number"),
        ({"months": frozenset({0})}, "months", "out_of_range"),
        ({"months": frozenset({13})}, "months", "out_of_range"),
        ({"required": (Required("organic", frozenset()),)}, "required.0.proofs", "missing"),
        ({"required": (Required("holy", CERTIFIED),)}, "required.0.criterion", "unknown"),
        ({"required": (Required("work", CERTIFIED),)}, "required.0.proofs", "not_admitted"),
        ({"required": (Required("organic", frozenset({"oath"})),)}, "required.0.proofs", "unknown"),
        ({"preferred": (Preferred("holy"),)}, "preferred.0.criterion", "unknown"),
        ({"preferred": (Preferred("organic", 0),)}, "preferred.0.importance", "out_of_range"),
        ({"preferred": (Preferred("organic", 4),)}, "preferred.0.importance", "out_of_range"),
        ({"qualifications": frozenset(map(str, range(51)))}, "qualifications", "too_many"),
        ({"weights": Weights(fit=-1)}, "weights.fit", "out_of_range"),
        ({"weights": Weights(values=float("nan"))}, "weights.values", "not_a_number"),
    ],
)
def test_a_rule_that_is_broken_is_named(values, field, code):
    assert said(demand(**values)) == [(field, code)]
    with pytest.raises(InvalidDemand) as refused:
        validated(demand(**values), TREE, CRITERIA)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_criterion_is_asked_once_as_a_must_and_once_as_a_wish():
    once = demand(required=(Required("organic", CERTIFIED),), preferred=(Preferred("organic"),))
    assert said(once) == []
    twice = demand(preferred=(Preferred("organic"), Preferred("organic", 2)))
    assert said(twice) == [("preferred.0.criterion", "repeated"), ("preferred.1.criterion", "repeated")]


def test_all_problems_are_told_at_once():
    asked = demand(Lot(), half_life_km=99.0, weights=Weights(fit=-1))
    assert {field for field, _ in said(asked)} == {"lots.0.category", "half_life_km", "weights.fit"}


def test_weights_that_are_all_zero_once_the_silent_ones_are_dropped_are_refused():
    assert said(demand(weights=Weights(fit=0, proximity=0))) == [("weights", "all_zero")]
    assert said(demand(weights=Weights(fit=0, proximity=0), preferred=(Preferred("organic"),))) == []
    assert said(demand(weights=Weights(fit=0), mode=Mode.REMOTE)) == [("weights", "all_zero")]


def test_a_public_body_gives_all_four_weights():
    assert said(public()) == []
    assert said(public(weights=Weights(fit=1, proximity=0, values=1))) == [
        ("weights.price", "public_states_all")
    ]


def test_a_public_body_that_weighs_or_limits_distance_writes_why():
    near = replace(PUBLIC_WEIGHTS, proximity=1)
    assert said(public(weights=near)) == [("proximity_reason", "reason_needed")]
    assert said(public(max_distance_km=20.0, proximity_reason=" ")) == [("proximity_reason", "reason_needed")]
    assert said(public(weights=near, max_distance_km=20.0, proximity_reason="Pasti caldi.")) == []
    assert said(demand(max_distance_km=20.0)) == []


def test_a_public_body_requires_only_what_it_may_with_proofs_that_count_for_it():
    assert said(public(required=(Required("work", frozenset({"signed", "register"})),))) == []
    assert said(public(required=(Required("anything", frozenset({"visited"})),))) == [
        ("required.0.proofs", "not_for_public")
    ]
    assert said(public(required=(Required("agroecology", frozenset({"peer"})),))) == [
        ("required.0.criterion", "not_for_public")
    ]
    assert said(demand(required=(Required("agroecology", frozenset({"peer"})),))) == []
