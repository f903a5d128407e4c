"""GET /api/v1/offers: what programs may ask and rely on."""

import pytest

from marketplace.catalogue.models import OfferStatus
from marketplace.organisations.models import Status
from tests.factories import make_claim, make_offer, make_organisation


@pytest.fixture
def dairy(session):
    organisation = make_organisation(session, name="Caseificio di prova", slug="caseificio-di-prova")
    make_offer(session, organisation, title="Formaggella di capra", category="food", price=125_000, unit="kg")
    return organisation


def test_an_offer_tells_everything_a_list_needs(client, dairy):
    answer = client.get("/api/v1/offers?q=formaggella").json
    (item,) = answer["items"]
    assert item["title"] == "Formaggella di capra"
    assert item["organisation"]["slug"] == "caseificio-di-prova"
    assert item["price"] == "12.50"
    assert (
        item["category"] == {"code": "food", "label": "Cibo e bevande"} or item["category"]["code"] == "food"
    )
    assert item["distance_km"] is None
    assert {"score", "reasons", "id", "url", "unit", "months"} <= set(item)
    assert answer["total"] == 1
    assert {"facets", "did_you_mean"} <= set(answer)


def test_near_a_place_the_distance_is_told(client, dairy):
    (item,) = client.get("/api/v1/offers?q=formaggella&near=Bergamo").json["items"]
    assert 0 <= item["distance_km"] < 10


def test_what_is_not_public_is_not_found(client, session, dairy):
    suspended = make_organisation(session, status=Status.SUSPENDED)
    make_offer(session, suspended, title="Formaggella sospesa")
    make_offer(session, dairy, title="Formaggella ritirata", status=OfferStatus.WITHDRAWN)
    assert [item["title"] for item in client.get("/api/v1/offers?q=formaggella").json["items"]] == [
        "Formaggella di capra"
    ]


def test_criteria_narrow_and_are_counted(client, session, dairy):
    certified = make_organisation(session)
    make_claim(session, certified)
    make_offer(session, certified, title="Formaggella certificata")
    answer = client.get("/api/v1/offers?q=formaggella").json
    assert answer["total"] == 2
    assert answer["facets"]["criterion"] == {"organic": 1}
    (item,) = client.get("/api/v1/offers?q=formaggella&criteria=organic").json["items"]
    assert item["title"] == "Formaggella certificata"


@pytest.mark.parametrize(
    "query, field, code",
    [
        ("near=Nessunluogo", "near", "not_found"),
        ("near=Samone", "near", "ambiguous"),
        ("near=" + "x" * 200, "near", "too_long"),
        ("category=nothing", "category", "unknown"),
        ("criteria=nothing", "criteria", "unknown"),
        ("kind=nothing", "kind", "unknown"),
        ("near=Bergamo&radius_km=NaN", "radius_km", "malformed"),
        ("near=Bergamo&radius_km=-5", "radius_km", "malformed"),
        ("near=Bergamo&radius_km=1e5", "radius_km", "malformed"),
        ("radius_km=5", "radius_km", "needs_place"),
        ("bbox=1,2,3", "bbox", "malformed"),
        ("bbox=10,46,9,45", "bbox", "malformed"),
        ("bbox=9,nan,10,46", "bbox", "malformed"),
        ("month=13", "month", "malformed"),
        ("page=abc", "page", "malformed"),
        ("q=" + "x" * 257, "q", "too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(client, query, field, code):
    answer = client.get(f"/api/v1/offers?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == field
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"]


@pytest.mark.parametrize("page", ["0", "-1", "1000000000000000000", "9" * 5000])
def test_a_page_out_of_range_is_clamped(client, dairy, page):
    answer = client.get(f"/api/v1/offers?page={page}&per_page=1000000000")
    assert answer.status_code == 200
    assert 1 <= answer.json["page"] <= 10_000
    assert answer.json["per_page"] == 100


def test_a_huge_radius_is_everything(client, dairy):
    assert client.get("/api/v1/offers?near=Bergamo&radius_km=999999999").json["total"] == 1
