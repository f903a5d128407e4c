"""POST /api/v1/match: a demand as JSON to ranked suppliers, changing nothing."""

import json

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.demands.models import Demand
from marketplace.outbox import OutboxEntry
from tests.factories import make_area, make_claim, make_offer, make_organisation

URL = "/api/v1/match"


def a_demand(**changes) -> dict:
    return {"place": {"name": "Bergamo"}, "lots": [{"category": "food"}]} | changes


@pytest.fixture
def supplier(session):
    organisation = make_organisation(session, name="Cascina di prova")
    make_area(session, organisation)
    make_offer(session, organisation, title="Mele", category="food")
    return organisation


def test_a_supplier_is_ranked_and_explained(client, supplier):
    answer = client.post(URL, json=a_demand(preferred=[{"criterion": "organic", "importance": 2}])).json
    (found,) = answer["suppliers"]
    assert found["organisation"]["name"] == "Cascina di prova"
    assert found["rank"] == 1
    assert sum(found["contributions"].values()) == pytest.approx(found["score"], abs=1e-8)
    assert all({"code", "sentence"} <= set(reason) for reason in found["reasons"])
    assert answer["dropped"] == ["price"]
    assert (answer["total"], answer["considered"], answer["in_category"]) == (1, 1, 1)


def test_who_lacks_one_thing_is_a_near_miss_with_the_reason(client, supplier):
    answer = client.post(
        URL, json=a_demand(required=[{"criterion": "organic", "proofs": ["certified"]}])
    ).json
    assert answer["suppliers"] == []
    (missed,) = answer["near_misses"]
    assert missed["failed"] == "criteria"
    assert missed["reasons"][0]["code"] == "claim_missing"
    assert "score" not in missed


def test_now_decides_whether_a_claim_has_expired(client, session, supplier):
    make_claim(session, supplier)
    asked = a_demand(required=[{"criterion": "organic", "proofs": ["certified"]}])
    before = client.post(URL, json=asked | {"now": "2027-12-31T22:59:59Z"}).json
    after = client.post(URL, json=asked | {"now": "2027-12-31T23:00:00Z"}).json
    assert (before["total"], after["total"]) == (1, 0)
    assert after["near_misses"][0]["reasons"][0]["code"] == "claim_expired"


def test_a_match_changes_nothing(client, session, supplier):
    client.post(URL, json=a_demand())
    for table in (Demand, AuditEvent, OutboxEntry):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_the_sentences_speak_the_language_asked(client, supplier):
    italian = client.post(URL + "?lang=it", json=a_demand()).json
    english = client.post(URL + "?lang=en", json=a_demand()).json
    sentences = [
        [reason["sentence"] for reason in answer["suppliers"][0]["reasons"]] for answer in (italian, english)
    ]
    assert sentences[0] != sentences[1]


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"place": {}}, "place.name"),
        ({"place": {"name": "Nessunluogo"}}, "place.name"),
        ({"place": {"name": "Bergamo", "point": {"lat": 45, "lon": 9}}}, "place.name"),
        ({"place": {"point": {"lat": 91, "lon": 9}}}, "place.point.lat"),
        ({"place": {"point": {"lat": "45", "lon": 9}}}, "place.point.lat"),
        ({"place": []}, "place"),
        ({"lots": []}, "lots"),
        ({"lots": {}}, "lots"),
        ({"lots": [{"category": "nothing"}]}, "lots.0.category"),
        ({"lots": [{}]}, "lots.0.category"),
        ({"lots": [{"category": "food", "quantity": "1e5"}]}, "lots.0.quantity"),
        ({"lots": [{"category": "food", "quantity": "１２"}]}, "lots.0.quantity"),
        ({"lots": [{"category": "food", "quantity": " 5 "}]}, "lots.0.quantity"),
        ({"lots": [{"category": "food", "quantity": "1_000"}]}, "lots.0.quantity"),
        ({"lots": [{"category": "food", "quantity": "1.2345"}]}, "lots.0.quantity"),
        ({"lots": [{"category": "food", "quantity": 0}]}, "lots.0.quantity"),
        ({"lots": [{"category": "food", "budget": 0}]}, "lots.0.budget"),
        ({"lots": [{"category": "food", "budget": True}]}, "lots.0.budget"),
        ({"half_life_km": 4}, "half_life_km"),
        ({"weights": {"fit": -1}}, "weights.fit"),
        ({"weights": {"fit": 0, "proximity": 0}}, "weights"),
        ({"required": [{"criterion": "organic", "proofs": ["declared"]}]}, "required.0.proofs"),
        ({"required": [{"criterion": "organic", "proofs": []}]}, "required.0.proofs"),
        ({"preferred": [{"criterion": "nothing"}]}, "preferred.0.criterion"),
        ({"profile": "public"}, "weights.fit"),
        ({"months": [13]}, "months.0"),
        ({"now": "yesterday"}, "now"),
        ({"limit": 0}, "limit"),
        ({"organisation_id": 1}, "organisation_id"),
    ],
)
def test_what_may_not_be_asked_is_refused_with_its_field(client, changes, field):
    answer = client.post(URL, json=a_demand(**changes))
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == field
    assert answer.json["error"]["message"]


def test_a_public_body_writes_down_why_nearness_counts(client, supplier):
    weights = {"fit": 1, "proximity": 1, "values": 1, "price": 1}
    asked = a_demand(profile="public", weights=weights)
    assert client.post(URL, json=asked).json["error"]["code"] == "reason_needed"
    assert client.post(URL, json=asked | {"proximity_reason": "Pasti caldi"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b'{"place": NaN}',
        b'{"place": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\u0000"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_one_json_object_is_refused(client, body):
    answer = client.post(URL, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"]["code"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_not_understood(client, content_type):
    answer = client.post(URL, data=json.dumps(a_demand()), content_type=content_type)
    assert answer.status_code == 415
    assert answer.json["error"]["code"] == "not_json"


def test_a_body_beyond_the_limit_is_too_large(client):
    answer = client.post(URL, data=b" " * 300_000, content_type="application/json")
    assert answer.status_code == 413
