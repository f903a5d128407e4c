"""A claim carries what its proof must carry, and nothing else."""

from datetime import UTC, date, datetime

import pytest

from tests.marketplace.district.dataset.conftest import problems

HEADER = "organisation,criterion,proof,expires,verified,control_body,operator_code,certificate,date,share,statement,production_places,processing_places\n"


def test_a_whole_claim_keeps_its_details(check):
    row = "cascina,organic,certified,2030-12-31,2026-05-04,IT-BIO-000,A1,C1,,,,,\n"
    claim = check(claims=HEADER + row).dataset.claims[0]
    assert claim.details == {"control_body": "IT-BIO-000", "operator_code": "A1", "certificate": "C1"}
    assert claim.expires == date(2030, 12, 31)
    assert claim.verified == datetime(2026, 5, 3, 22, tzinfo=UTC)


def test_everything_that_is_missing_is_named(check):
    checked = check(claims=HEADER + "cascina,organic,certified,,,,,,,,,,\n")
    assert [column for _, _, column in problems(checked)] == [
        "certificate",
        "control_body",
        "expires",
        "operator_code",
    ]


def test_what_the_proof_does_not_carry_is_refused(check):
    row = "cascina,organic,certified,2030-12-31,,IT-BIO-000,A1,C1,,45,,,\n"
    assert problems(check(claims=HEADER + row)) == [("claims.csv", 2, "share")]


def test_a_proof_that_the_criterion_does_not_admit_is_refused(check):
    checked = check(claims=HEADER + "cascina,organic,declared,,,,,,,,bio da sempre,,\n")
    assert problems(checked) == [("claims.csv", 2, "proof")]
    assert "only certified" in checked.problems[0].reason


@pytest.mark.parametrize(("share", "good"), [("45", True), ("45%", True), ("101", False), ("4,5", False)])
def test_a_share_is_a_whole_percentage(check, share, good):
    row = f'cascina,work_inclusion,signed,,,,,,2026-01-31,"{share}",Metà,,\n'
    assert (check(claims=HEADER + row).problems == []) is good


def test_places_of_production_are_comuni(check):
    row = "cascina,zero_km,declared,,,,,,,,,Clusone; 016024,Nessundove\n"
    checked = check(claims=HEADER + row)
    assert problems(checked) == [("claims.csv", 2, "processing_places")]


def test_the_same_claim_twice_is_refused(check):
    row = "cascina,organic,certified,2030-12-31,,IT-BIO-000,A1,C1,,,,,\n"
    assert problems(check(claims=HEADER + row + row)) == [("claims.csv", 3, "criterion")]


def test_a_claim_of_an_offer_that_is_not_there_is_refused(check):
    header = HEADER.replace("criterion", "offer,criterion", 1)
    row = "cascina,mele,organic,certified,2030-12-31,,IT-BIO-000,A1,C1,,,,,\n"
    assert problems(check(claims=header + row)) == [("claims.csv", 2, "offer")]
