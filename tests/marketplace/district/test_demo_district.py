"""The demonstration: whole, large enough, and made by its own script."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from marketplace.catalogue.models import OfferStatus
from marketplace.config import DATA, ROOT
from marketplace.demands.models import DemandType
from marketplace.district.dataset import Checked, Reference, check_dataset
from marketplace.organisations.models import AreaKind, Kind
from search.criteria import Proof
from search.demand import Mode

DEMO = DATA / "demo"
#: A day on which the demonstration is certainly shown.
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check_dataset(DEMO, Reference.of_this_installation())


def test_it_has_no_problem(checked):
    assert [str(problem) for problem in checked.problems] == []


def test_it_is_as_large_as_promised(checked):
    dataset = checked.dataset
    assert len(dataset.organisations) >= 180
    assert sum(offer.status == OfferStatus.PUBLISHED for offer in dataset.offers) >= 2_000
    assert len(dataset.demands) >= 40


def test_every_kind_of_everything_is_in_it(checked):
    dataset = checked.dataset
    assert {kind for one in dataset.organisations for kind in one.kinds} == set(Kind)
    assert {area.kind for area in dataset.areas} == set(AreaKind)
    assert {claim.proof for claim in dataset.claims} == set(Proof)
    assert {demand.type for demand in dataset.demands} == set(DemandType)
    assert {demand.mode for demand in dataset.demands} == set(Mode)


def test_every_criterion_is_claimed_by_somebody(checked):
    codes = {criterion.code for criterion in Reference.of_this_installation().criteria}
    assert {claim.criterion for claim in checked.dataset.claims} == codes


def test_some_claims_have_expired_and_some_were_never_checked(checked):
    claims = checked.dataset.claims
    assert any(claim.expires and claim.expires < TODAY for claim in claims)
    assert any(not claim.verified and claim.proof != Proof.DECLARED for claim in claims)


def test_most_categories_have_an_offer(checked):
    leaves = {leaf.code for leaf in Reference.of_this_installation().tree.leaves()}
    offered = {offer.category for offer in checked.dataset.offers}
    assert len(leaves & offered) > 0.9 * len(leaves)


def test_a_dozen_suppliers_deliver_here_from_far_away(checked):
    away = {one.key for one in checked.dataset.organisations if one.seat.province != "BG"}
    delivering = {area.organisation for area in checked.dataset.areas}
    assert len(away & delivering) >= 12


def test_every_supplier_delivers_somewhere_and_every_area_has_a_supplier(checked):
    offering = {offer.organisation for offer in checked.dataset.offers}
    assert {area.organisation for area in checked.dataset.areas} == offering


def test_it_holds_no_number_or_address_of_anybody_real(checked):
    for one in checked.dataset.organisations:
        assert (one.vat_number, one.tax_code, one.phone, one.address) == (None, None, "", "")
        assert one.email.endswith("@example.org")
        assert one.website == "" or one.website.startswith("https://example.org/")
    assert all(claim.link == "" or "example.org" in claim.link for claim in checked.dataset.claims)
    assert all(person.email.endswith("@example.org") for person in checked.dataset.people)


def test_its_names_are_not_those_of_the_promoters(checked):
    with open(DATA / "promoters.csv", encoding="utf-8", newline="") as file:
        promoters = {row["name"].casefold() for row in csv.DictReader(file)}
    assert promoters & {one.name.casefold() for one in checked.dataset.organisations} == set()


def test_names_and_titles_are_not_repeated(checked):
    assert max(Counter(one.name for one in checked.dataset.organisations).values()) == 1
    assert max(Counter((one.organisation, one.title) for one in checked.dataset.offers).values()) == 1


def test_the_script_makes_the_same_bytes(tmp_path):
    subprocess.run(
        [sys.executable, ROOT / "data" / "build" / "demo.py", tmp_path], check=True, capture_output=True
    )
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert made == {path.name: path.read_bytes() for path in DEMO.glob("*.csv")}
