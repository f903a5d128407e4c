"""Each must by example: who holds it, who does not, and what is then said to be missing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import shapely

from geo.areas import ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from geo.distance import haversine_km
from geo.points import Point
from search.demand import Lot, Mode, Required
from search.memory import World
from tests.search.factories import BERGAMO, CRITERIA, NOW, TREE, claim, demand, offer, supplier

# About 11.1 km north of Bergamo.
NORTH = Point(45.80, 9.67)
ORGANIC = (Required("organic", frozenset({"certified"})),)


def match(suppliers, asked, now=NOW):
    return World(suppliers, TREE, CRITERIA).match(asked, now)


def missed(one, asked, now=NOW) -> tuple[str, dict]:
    """The one must that the only supplier fails, and the first reason."""
    answer = match([one], asked, now)
    assert answer.matches == ()
    (near,) = answer.near_misses
    assert answer.failed == {**dict.fromkeys(answer.failed, 0), near.failed: 1}
    return near.failed, near.reasons[0].as_dict()


def holds(one, asked, now=NOW) -> bool:
    return bool(match([one], asked, now).matches)


# Published and category


@pytest.mark.parametrize("unseen", [{"active": False}, {"seat": None}])
def test_who_is_not_active_or_not_placed_is_neither_listed_nor_counted(unseen):
    answer = match([supplier(offer(), **unseen)], demand())
    assert (answer.matches, answer.near_misses, answer.considered, answer.in_category) == ((), (), 0, 0)


def test_who_has_no_published_offer_is_not_considered():
    assert match([supplier(offer(published=False))], demand()).considered == 0


def test_who_is_not_in_category_is_considered_but_no_near_miss():
    answer = match([supplier(offer("care.parks"))], demand())
    assert (answer.considered, answer.in_category, answer.near_misses) == (1, 0, ())


@pytest.mark.parametrize(
    ("offered", "similarity"),
    [("food.cheese.goat", 1.0), ("food.cheese", 0.8), ("food", 0.6), ("food.cheese.cow", 0.4)],
)
def test_a_related_category_is_in_category(offered, similarity):
    (found,) = match([supplier(offer(offered))], demand()).matches
    assert found.lots[0].similarity == similarity


@pytest.mark.parametrize("offered", ["food.fruit", "food.fruit.pears", "care", "gone"])
def test_an_unrelated_or_unknown_category_is_not(offered):
    assert match([supplier(offer(offered))], demand()).in_category == 0


def test_top_nodes_are_nobodys_siblings():
    assert match([supplier(offer("care"))], demand(Lot("food"))).in_category == 0


def test_a_cpv_code_takes_the_best_of_its_categories_and_a_category_beside_it_wins():
    pears = supplier(offer("food.fruit.pears"))
    assert match([pears], demand(Lot(cpv="03222321-7"))).matches[0].lots[0].similarity == 1.0
    assert (
        match([pears], demand(Lot("food.fruit.apples", cpv="03222321-7"))).matches[0].lots[0].similarity
        == 0.4
    )
    assert match([pears], demand(Lot(cpv="99000000"))).in_category == 0


# Reach and distance


def test_the_border_of_a_delivery_area_belongs_to_it():
    corner = shapely.Polygon([(9.67, 45.70), (9.70, 45.70), (9.70, 45.75)])
    assert holds(supplier(offer(), areas=(PolygonArea(corner),)), demand())
    assert holds(supplier(offer(), areas=(RadiusArea(0.0, BERGAMO),)), demand())


def test_outside_its_areas_a_supplier_misses_by_the_least_kilometres():
    away = supplier(offer(), areas=(RadiusArea(4.0, NORTH), RadiusArea(1.0, NORTH), ProvinceArea("BS")))
    must, reason = missed(away, demand())
    assert (must, reason["code"]) == ("reach", "outside_area")
    assert reason["km"] == pytest.approx(7.12, abs=0.01)


def test_of_comuni_and_provinces_only_the_fact_is_told():
    away = supplier(offer(), areas=(ComuniArea(frozenset({"017029"})), ProvinceArea("BS")))
    assert missed(away, demand()) == ("reach", {"code": "outside_area", "km": None})


def test_who_states_no_area_delivers_nowhere():
    assert missed(supplier(offer(), areas=()), demand()) == ("reach", {"code": "no_area"})


HERE, ELSEWHERE = RadiusArea(5.0, BERGAMO), RadiusArea(4.0, NORTH)


def test_an_offer_with_areas_of_its_own_covers_only_where_it_goes():
    here, there = offer(areas=(0,)), offer(areas=(1,))
    one = supplier(here, there, areas=(HERE, ELSEWHERE))
    [found] = match([one], demand()).matches
    assert [lot.offer_ids for lot in found.lots] == [(here.id,)]
    [found] = match([one], demand(mode=Mode.COLLECT)).matches
    assert set(found.lots[0].offer_ids) == {here.id, there.id}


def test_who_delivers_here_but_not_this_misses_by_the_way_to_where_it_goes():
    one = supplier(offer(areas=(1,)), offer("care.parks"), areas=(HERE, ELSEWHERE))
    must, reason = missed(one, demand())
    assert (must, reason["code"]) == ("reach", "outside_area")
    assert reason["km"] == pytest.approx(7.12, abs=0.01)


def test_an_offer_whose_areas_are_all_gone_goes_nowhere():
    assert missed(supplier(offer(areas=())), demand()) == ("reach", {"code": "no_area"})


def test_what_does_not_come_here_lacks_no_criterion_besides():
    asked = demand(required=(Required("organic", frozenset({"certified"})),))
    assert missed(supplier(offer(areas=(1,)), areas=(HERE, ELSEWHERE)), asked)[0] == "reach"
    both = supplier(offer(areas=(1,)), offer(areas=(0,)), areas=(HERE, ELSEWHERE))
    assert missed(both, asked)[0] == "criteria"


def test_on_site_needs_an_area_too():
    assert missed(supplier(offer(), areas=()), demand(mode=Mode.ON_SITE))[0] == "reach"


def test_who_collects_needs_no_area_but_may_limit_the_way():
    far = supplier(offer(), areas=(), seat=NORTH)
    assert holds(far, demand(mode=Mode.COLLECT))
    must, reason = missed(far, demand(mode=Mode.COLLECT, max_distance_km=10.0))
    assert (must, reason["code"], reason["max_km"]) == ("reach", "too_far", 10.0)
    assert reason["beyond_km"] == pytest.approx(1.12, abs=0.01)


def test_a_supplier_beyond_the_largest_distance_misses_by_the_rest():
    must, reason = missed(supplier(offer(), seat=NORTH), demand(max_distance_km=10.0))
    assert (must, reason["code"]) == ("distance", "too_far")
    assert holds(supplier(offer(), seat=NORTH), demand(max_distance_km=11.2))


def test_the_border_of_the_largest_distance_belongs_to_it_within_a_millimetre():
    one = supplier(offer(), seat=NORTH)
    km = haversine_km(NORTH, BERGAMO)
    assert holds(one, demand(max_distance_km=km - 5e-7))
    assert not holds(one, demand(max_distance_km=km - 5e-6))


def test_remote_work_knows_no_distance():
    far = supplier(offer(), areas=(), seat=Point(37.5, 15.1))
    assert holds(far, demand(mode=Mode.REMOTE, max_distance_km=1.0))


# Criteria


def test_a_certificate_counts_to_the_end_of_its_last_day_in_rome():
    one = supplier(offer(), claims=(claim("organic", expires=date(2026, 3, 31)),))
    asked = demand(required=ORGANIC)
    assert holds(one, asked, datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC))
    must, reason = missed(one, asked, datetime(2026, 3, 31, 22, 0, tzinfo=UTC))
    assert must == "criteria"
    assert reason == {
        "code": "claim_expired",
        "criterion": "organic",
        "proof": "certified",
        "expires": "2026-03-31",
        "offer": None,
    }


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError):
        match([], demand(), NOW.replace(tzinfo=None))


def test_a_certified_offer_never_vouches_for_one_beside_it():
    certified = offer("food.cheese.cow", claims=(claim("organic"),))
    plain = offer("food.cheese.goat")
    asked = demand(Lot("food.cheese.goat"), Lot("food.cheese.cow"), required=ORGANIC)
    (found,) = match([supplier(certified, plain)], asked).matches
    assert [lot.offer_ids for lot in found.lots] == [(certified.id,), (certified.id,)]


def test_criteria_are_held_by_one_and_the_same_offer():
    cheese = offer(claims=(claim("organic"),))
    other = offer(claims=(claim("work", "register"),))
    asked = demand(required=(*ORGANIC, Required("work", frozenset({"register"}))))
    assert missed(supplier(cheese, other), asked) == (
        "criteria",
        {"code": "claim_missing", "criterion": "work"},
    )
    both = supplier(cheese, other, claims=(claim("work", "register"),))
    (found,) = match([both], asked).matches
    assert found.lots[0].offer_ids == (cheese.id,)


def test_an_unverified_certificate_is_no_evidence_for_a_must():
    one = supplier(offer(), claims=(claim("organic", verified=False),))
    assert missed(one, demand(required=ORGANIC))[1]["code"] == "claim_unverified"


def test_an_unverified_claim_counts_as_declared_where_that_is_accepted():
    one = supplier(offer(), claims=(claim("anything", "certified", verified=False),))
    assert holds(one, demand(required=(Required("anything", frozenset({"declared"})),)))


def test_a_proof_that_is_not_accepted_is_named():
    one = supplier(offer(), claims=(claim("anything", "visited"),))
    _, reason = missed(one, demand(required=(Required("anything", frozenset({"certified"})),)))
    assert reason == {
        "code": "proof_not_accepted",
        "criterion": "anything",
        "proof": "visited",
        "offer": None,
    }


def test_what_is_missing_is_told_of_the_offer_in_season_that_comes_nearest():
    work = claim("work", "register")
    out_of_season = offer(months=frozenset({7}), claims=(work,))
    less_alike = offer("food.cheese.cow")
    asked = demand(required=(*ORGANIC, Required("work", frozenset({"register"}))), months=frozenset({1}))
    one = supplier(out_of_season, less_alike)
    (near,) = match([one], asked).near_misses
    assert [reason.as_dict()["criterion"] for reason in near.reasons] == ["organic", "work"]
    nearest = replace(one, offers=(*one.offers, offer("food.cheese.cow", claims=(work,))))
    (near,) = match([nearest], asked).near_misses
    assert [reason.as_dict()["criterion"] for reason in near.reasons] == ["organic"]


# Reserved


def test_one_of_the_qualifications_asked_is_enough():
    asked = demand(qualifications=frozenset({"albo_b", "art61"}))
    assert holds(supplier(offer(), qualifications=frozenset({"art61"})), asked)
    assert missed(supplier(offer(), qualifications=frozenset({"runts"})), asked) == (
        "reserved",
        {"code": "not_qualified", "asked": "albo_b,art61"},
    )


# Season


def test_an_offer_in_season_shares_a_month_with_the_demand():
    summer = supplier(offer(months=frozenset({6, 7})))
    assert holds(summer, demand(months=frozenset({7, 8})))
    assert holds(summer, demand())
    assert holds(supplier(offer()), demand(months=frozenset({1})))
    assert missed(summer, demand(months=frozenset({12, 1}))) == (
        "season",
        {"code": "no_offer_in_season", "asked": "1,12", "offered": "6,7"},
    )


# Capacity


def whole(quantity):
    return demand(Lot("food.cheese.goat", quantity=quantity, unit="kg", splittable=False))


def test_a_lot_that_may_not_be_split_is_covered_whole_by_offers_together():
    one = supplier(offer(available=4_000), offer(available=6_000))
    assert holds(one, whole(10_000))
    assert missed(one, whole(12_000)) == (
        "capacity",
        {"code": "short_of", "lot": 0, "available": 10_000, "asked": 12_000, "missing": 2_000, "unit": "kg"},
    )


def test_only_covering_offers_count_towards_a_quantity():
    winter = offer(available=9_000, months=frozenset({1}))
    summer = offer(available=9_000, months=frozenset({7}))
    assert missed(supplier(winter, summer), replace(whole(10_000), months=frozenset({1})))[0] == "capacity"


@pytest.mark.parametrize("vague", [{"available": None}, {"unit": "l", "available": 1}])
def test_an_unknown_quantity_or_another_unit_counts_as_enough(vague):
    assert holds(supplier(offer(available=1), offer(**vague)), whole(10_000))


def test_a_sold_out_offer_still_covers():
    assert missed(supplier(offer(available=0)), whole(1_000))[0] == "capacity"
    split = whole(1_000)
    (found,) = match(
        [supplier(offer(available=0))], replace(split, lots=(replace(split.lots[0], splittable=True),))
    ).matches
    assert found.utilities["fit"] == 0


# Near misses


def test_who_fails_two_musts_is_counted_in_both_and_listed_in_none():
    answer = match([supplier(offer(months=frozenset({6})), areas=())], demand(months=frozenset({1})))
    assert answer.near_misses == ()
    assert (answer.failed["reach"], answer.failed["season"], answer.in_category) == (1, 1, 1)


def test_near_misses_are_in_order_of_distance_then_name_then_id():
    north = supplier(offer(), seat=NORTH, areas=())
    zeta, b, a = (
        supplier(offer(), areas=(), name=name, id=i) for name, i in (("Zeta", 1), ("Alfa", 9), ("Alfa", 8))
    )
    answer = match([north, zeta, b, a], demand())
    assert [one.supplier_id for one in answer.near_misses] == [a.id, b.id, zeta.id, north.id]
