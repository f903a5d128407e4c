"""The score by example: each component, what is dropped, ties, and what a match tells."""

from dataclasses import replace

import pytest

from geo.points import Point
from search.answer import Evidence
from search.demand import InvalidDemand, Lot, Mode, Preferred, Profile, Required, Weights
from search.memory import World
from tests.search.factories import (
    CRITERIA,
    NOW,
    PUBLIC_WEIGHTS,
    TREE,
    claim,
    demand,
    offer,
    supplier,
)

NORTH = Point(45.80, 9.67)


def match(suppliers, asked):
    return World(suppliers, TREE, CRITERIA).match(asked, NOW)


def only(one, asked):
    (found,) = match([one], asked).matches
    return found


def goat(**values):
    return Lot("food.cheese.goat", **values)


# Fit


def test_text_makes_up_for_half_of_what_the_category_leaves_open():
    asked = demand(goat(text="caprini freschi"))
    none, half, all_ = (
        offer("food.cheese", title=title) for title in ("Altro", "Caprini", "Caprini freschi")
    )
    fits = [only(supplier(one), asked).utilities["fit"] for one in (none, half, all_)]
    assert fits == pytest.approx([0.8, 0.85, 0.9])


def test_the_labels_and_synonyms_of_the_offers_own_category_count_as_its_text():
    assert only(supplier(offer("food.cheese", title="x")), demand(goat(text="formaggi"))).utilities[
        "fit"
    ] == pytest.approx(0.9)
    above_only = only(supplier(offer("food", title="x")), demand(goat(text="formaggi")))
    assert above_only.utilities["fit"] == pytest.approx(0.6)


def test_a_text_without_stems_is_no_text():
    assert only(supplier(offer("food.cheese")), demand(goat(text="di e !"))).utilities["fit"] == 0.8


def test_the_best_offer_is_taken_with_its_text():
    plain, described = offer("food.cheese", title="x"), offer("food.cheese", title="renetta")
    found = only(supplier(plain, described), demand(goat(text="renetta")))
    assert found.lots[0].offer_ids == (described.id, plain.id)
    assert (found.lots[0].similarity, found.lots[0].fit) == (0.8, pytest.approx(0.9))


def test_an_uncovered_lot_counts_nothing_and_a_partly_covered_one_its_share():
    asked = demand(goat(quantity=10_000, unit="kg"), Lot("care.parks"))
    found = only(supplier(offer(available=2_500)), asked)
    assert found.utilities["fit"] == pytest.approx(0.125)
    told = [reason.as_dict() for reason in found.reasons]
    assert {"code": "lot_not_covered", "lot": 1} in told
    assert {
        "code": "lot_partly",
        "lot": 0,
        "available": 2_500,
        "asked": 10_000,
        "missing": 7_500,
        "unit": "kg",
    } in told


def test_lots_share_no_stock():
    asked = demand(goat(quantity=1_000, unit="kg"), goat(quantity=1_000, unit="kg"))
    assert only(supplier(offer(available=1_000)), asked).utilities["fit"] == 1


# Proximity


def test_the_first_kilometre_is_free_and_every_half_life_halves():
    here, there = supplier(offer()), supplier(offer(), seat=NORTH)
    assert only(here, demand()).utilities["proximity"] == 1
    found = only(there, demand(half_life_km=5.0))
    assert found.utilities["proximity"] == pytest.approx(2 ** (-(found.distance_km - 1) / 5))


def test_remote_work_drops_proximity():
    answer = match([supplier(offer(), seat=NORTH)], demand(mode=Mode.REMOTE))
    assert answer.dropped == ("proximity", "values", "price")
    assert answer.matches[0].contributions == {"fit": 1.0}


# Values


def test_values_are_the_mean_of_the_evidence_by_importance():
    one = supplier(offer(), claims=(claim("anything", "visited"),))
    asked = demand(preferred=(Preferred("anything", 3), Preferred("work", 1)))
    assert only(one, asked).utilities["values"] == pytest.approx(0.6)


def test_a_public_body_values_what_it_may():
    one = supplier(offer(), claims=(claim("anything", "visited"),))
    asked = demand(preferred=(Preferred("anything"),), profile=Profile.PUBLIC, weights=PUBLIC_WEIGHTS)
    assert only(one, asked).utilities["values"] == 0
    signed = supplier(offer(), claims=(claim("anything", "signed"),))
    assert only(signed, asked).utilities["values"] == 0.6


def test_an_unverified_claim_is_worth_a_declaration_where_one_is_admitted():
    asked = demand(preferred=(Preferred("anything"),))
    one = supplier(offer(), claims=(claim("anything", "certified", verified=False),))
    assert only(one, asked).utilities["values"] == 0.3
    organic = supplier(offer(), claims=(claim("organic", verified=False),))
    assert only(organic, demand(preferred=(Preferred("organic"),))).utilities["values"] == 0


def test_an_offers_claim_counts_on_the_lots_it_covers_only():
    certified = offer("food.cheese.cow", claims=(claim("organic"),))
    fruit = offer("food.fruit")
    asked = demand(Lot("food.cheese.cow"), Lot("food.fruit"), preferred=(Preferred("organic"),))
    found = only(supplier(certified, fruit), asked)
    assert found.utilities["values"] == 0.5
    assert found.evidence == (Evidence("organic", "certified", 1.0, certified.id),)


# Price


@pytest.mark.parametrize(
    ("price", "utility"),
    [(0, 1), (10_000, 1), (12_500, 0.75), (20_000, 0), (50_000, 0), (None, 0.5)],
)
def test_price_falls_from_the_budget_to_twice_the_budget(price, utility):
    found = only(supplier(offer(price=price)), demand(goat(budget=10_000, unit="kg")))
    assert found.utilities["price"] == utility


def test_a_price_in_another_unit_is_no_price():
    found = only(supplier(offer(price=1, unit="l")), demand(goat(budget=10_000, unit="kg")))
    assert (found.utilities["price"], found.lots[0].best_price) == (0.5, None)


def test_prices_are_compared_without_vat_where_budgets_are():
    one = supplier(offer(price=12_200, vat_rate=2200))
    asked = demand(goat(budget=10_000, unit="kg"), budget_with_vat=False)
    assert only(one, asked).utilities["price"] == pytest.approx(1)
    assert only(one, replace(asked, budget_with_vat=None)).utilities["price"] == pytest.approx(0.78)
    public = replace(asked, profile=Profile.PUBLIC, weights=PUBLIC_WEIGHTS, budget_with_vat=None)
    assert only(one, public).utilities["price"] == pytest.approx(1)


def test_the_cheapest_in_the_unit_of_the_lot_counts():
    found = only(supplier(offer(price=30_000), offer(price=9_000)), demand(goat(budget=10_000, unit="kg")))
    assert (found.utilities["price"], found.lots[0].best_price) == (1, 9_000)


# Weights, ties, limits


def test_missing_weights_of_a_community_take_the_defaults_and_keep_their_proportions():
    answer = match([supplier(offer())], demand(weights=Weights(proximity=1)))
    assert answer.weights == {"fit": 3, "proximity": 1}
    assert answer.matches[0].contributions == {"fit": 0.75, "proximity": 0.25}


def test_equal_scores_go_by_values_then_nearness_then_name_then_id():
    asked = demand(preferred=(Preferred("anything"),), weights=Weights(fit=1, proximity=0, values=0))
    proven = supplier(offer(), seat=NORTH, name="z", claims=(claim("anything", "declared"),))
    near = supplier(offer(), seat=Point(45.701, 9.67), name="y")
    a, accented, z_low, z_high = (
        supplier(offer(), seat=NORTH, name=name, id=number)
        for name, number in (("Alfa", 904), ("Àlfa", 903), ("Zeta", 901), ("Zeta", 902))
    )
    answer = match([z_high, accented, a, near, z_low, proven], asked)
    assert [one.supplier_id for one in answer.matches] == [
        one.id for one in (proven, near, a, z_low, z_high, accented)
    ]
    assert [one.rank for one in answer.matches] == [1, 2, 3, 4, 5, 6]


def test_what_may_not_be_asked_is_not_ranked():
    with pytest.raises(InvalidDemand):
        match([], demand(half_life_km=1.0))


def test_two_claims_of_one_holder_tell_the_better():
    one = supplier(offer(), claims=(claim("anything", "signed"), claim("anything", "peer")))
    asked = demand(
        required=(Required("anything", frozenset({"signed"})),), preferred=(Preferred("anything"),)
    )
    assert only(one, asked).evidence == (
        Evidence("anything", "signed", 0.5, None, None, True),
        Evidence("anything", "peer", 0.9, None, None, False),
    )


def test_a_match_tells_its_facts_in_order():
    one = supplier(
        offer(price=9_000, available=5_000), claims=(claim("organic"),), qualifications=frozenset({"albo_b"})
    )
    asked = demand(
        goat(quantity=1_000, unit="kg", budget=10_000),
        max_distance_km=20.0,
        months=frozenset({3, 10}),
        qualifications=frozenset({"albo_b"}),
        required=(Required("organic", frozenset({"certified"})),),
        preferred=(Preferred("work"),),
    )
    assert [reason.as_dict() for reason in only(one, asked).reasons] == [
        {"code": "distance", "km": 0.0},
        {"code": "in_area"},
        {"code": "within_distance", "km": 0.0, "max_km": 20.0},
        {"code": "qualified", "held": "albo_b"},
        {"code": "in_season", "asked": "3,10"},
        {"code": "covers_lots", "n": 1, "of": 1},
        {"code": "lot_covered", "lot": 0, "offers": 1, "similarity": 1.0, "share": 1.0},
        {
            "code": "criterion_met",
            "criterion": "organic",
            "proof": "certified",
            "expires": None,
            "value": 1.0,
            "offer": None,
            "required": True,
        },
        {"code": "criterion_not_met", "criterion": "work"},
        {"code": "price_within_budget", "lot": 0, "price": 9_000.0, "budget": 10_000, "with_vat": True},
    ]
