"""GET /api/v1/organisations.geojson: who is where, and nothing private."""

import pytest

from marketplace.organisations.models import Status
from search.queries import MAX_MAP_FEATURES
from tests.factories import make_offer, make_organisation

URL = "/api/v1/organisations.geojson"


@pytest.fixture
def listed(session):
    organisation = make_organisation(
        session, name="Cascina <img src=x onerror=alert(1)>", email="a@example.org"
    )
    make_offer(session, organisation)
    return organisation


def test_an_organisation_is_a_point_with_its_name(client, listed):
    answer = client.get(URL)
    assert answer.mimetype == "application/geo+json"
    (feature,) = answer.json["features"]
    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"]["name"] == listed.name
    assert answer.json["clustered"] is False


def test_only_those_in_the_box_are_sent(client, listed):
    assert client.get(URL + "?bbox=9,45,10,46").json["total"] == 1
    assert client.get(URL + "?bbox=12,41,13,42").json["total"] == 0
    assert client.get(URL + "?bbox=-180,-90,180,90").json["total"] == 1


def test_nothing_of_a_suspended_organisation_is_shown(client, session):
    make_offer(session, make_organisation(session, status=Status.SUSPENDED))
    assert client.get(URL).json["features"] == []


def test_no_address_of_anybody_is_sent(client, listed):
    assert "example.org" not in client.get(URL).get_data(as_text=True)


def test_too_many_for_a_map_are_gathered(client, session):
    for number in range(MAX_MAP_FEATURES + 1):
        organisation = make_organisation(session, lat=45.0 + number / 1000, lon=9.0 + number / 1000)
        make_offer(session, organisation)
    answer = client.get(URL).json
    assert answer["clustered"] is True
    assert sum(feature["properties"]["count"] for feature in answer["features"]) == MAX_MAP_FEATURES + 1
    assert len(answer["features"]) <= MAX_MAP_FEATURES


@pytest.mark.parametrize("bbox", ["nan,45,10,46", "9,45,10", "10,46,9,45", "9,45,10,91", "x"])
def test_a_box_that_is_none_is_refused(client, bbox):
    answer = client.get(URL, query_string={"bbox": bbox})
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == "bbox"
