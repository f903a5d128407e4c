"""Generated districts: the same every time, of the size asked, with everything that a real one has."""

from itertools import islice

import pytest

from geo.areas import ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from marketplace import engines
from marketplace.bench.districts import REGION, DistrictMaker
from marketplace.bench.workload import make_workload
from search.criteria import Proof
from search.validation import problems


@pytest.fixture(scope="module")
def maker() -> DistrictMaker:
    return DistrictMaker(engines.categories(), engines.criteria(), engines.comuni())


@pytest.fixture(scope="module")
def district(maker):
    return list(maker.suppliers(3_000))


@pytest.mark.parametrize("offers", [1, 7, 500])
def test_a_district_has_exactly_the_offers_asked(maker, offers):
    assert sum(len(supplier.offers) for supplier in maker.suppliers(offers)) == offers


def test_the_same_seed_gives_the_same_district(district):
    again = DistrictMaker(engines.categories(), engines.criteria(), engines.comuni())
    assert list(again.suppliers(3_000)) == district


def test_a_smaller_district_is_the_beginning_of_a_larger_one(maker, district):
    smaller = list(maker.suppliers(400))
    assert smaller[:-1] == district[: len(smaller) - 1]


def test_suppliers_come_one_by_one(maker):
    assert len(list(islice(maker.suppliers(10**9), 3))) == 3


def test_ids_of_suppliers_and_offers_are_never_given_twice(district):
    offers = [offer.id for supplier in district for offer in supplier.offers]
    assert sorted(offers) == list(range(1, 3_001))
    assert len({supplier.id for supplier in district}) == len(district)


def test_a_district_has_every_kind_of_area_and_proof(district):
    areas = {type(area) for supplier in district for area in supplier.areas}
    assert areas == {RadiusArea, ComuniArea, ProvinceArea, PolygonArea}
    claims = [claim for supplier in district for claim in supplier.claims]
    assert {claim.proof for claim in claims} == set(Proof)
    assert {claim.verified for claim in claims} == {True, False}


def test_claims_are_only_such_as_may_be_made(district):
    register = engines.criteria()
    held = [claim for supplier in district for claim in supplier.claims]
    held += [claim for supplier in district for offer in supplier.offers for claim in offer.claims]
    assert [claim for claim in held if not register[claim.criterion].admits(claim.proof)] == []


def test_offers_are_in_categories_of_the_tree_with_prices_and_months(district):
    offers = [offer for supplier in district for offer in supplier.offers]
    assert {offer.category for offer in offers} <= {node.code for node in engines.categories().leaves()}
    assert any(offer.price is None for offer in offers)
    assert any(offer.price for offer in offers)
    assert any(offer.months for offer in offers)
    assert not all(offer.months for offer in offers)


def test_suppliers_live_in_the_region(district):
    regions = {engines.comuni().get(supplier.comune).region for supplier in district}
    assert regions == {REGION}


def test_a_few_words_are_used_often_and_most_hardly_ever(district):
    used: dict[str, int] = {}
    for supplier in district:
        for offer in supplier.offers:
            for word in set(offer.description.lower().rstrip(".").split()):
                used[word] = used.get(word, 0) + 1
    counts = sorted(used.values(), reverse=True)
    assert counts[0] > 3_000 / 5
    assert counts[len(counts) // 2] <= 3


def test_every_demand_of_the_workload_may_be_asked(maker):
    for demand in make_workload(maker).match_30km:
        assert not list(problems(demand, engines.categories(), engines.criteria()))
