"""What members write is shown as they wrote it and never runs, in pages, map data and JSON."""

import json
import re
from html.parser import HTMLParser

import pytest

from marketplace.organisations.models import Kind
from tests.factories import (
    make_area,
    make_claim,
    make_demand,
    make_lot,
    make_membership,
    make_offer,
    make_organisation,
    make_user,
)
from tests.support.people import browser_of

IMAGE = "<img src=x onerror=alert(1)>"
BREAK_OUT = '"></script><script>alert(1)</script>'
LINK = "javascript:alert(1)"
TEMPLATE = "{{ 7*7 }}${7*7}"


@pytest.fixture(params=[IMAGE, BREAK_OUT, TEMPLATE])
def world(request, session):
    """An organisation, an offer and a demand whose every text is hostile."""
    text = request.param
    organisation = make_organisation(
        session, slug="ostile", name=f"Nome {text}", summary=text, description=text, address=text, phone=text,
        email="a@example.org", kinds=(Kind.PRODUCER, Kind.BUYING_GROUP),
    )  # fmt: skip
    make_area(session, organisation)
    offer = make_offer(
        session, organisation, title=f"Pane {text}", description=f"pane {text}", category="food.bakery.bread"
    )
    make_claim(session, organisation, details={"control_body": text, "operator_code": text}, link=LINK)
    demand = make_demand(
        session, organisation, title=f"Cerco {text}", description=text, place_label=text[:120], proximity_reason=text,
        lots=(make_lot(0, category="food.bakery.bread", text=text),), notice_link=LINK,
    )  # fmt: skip
    person = make_user(session, name=text)
    make_membership(session, person, organisation)
    return text, offer, demand, person


def pages(world):
    _text, offer, demand, _person = world
    return ["/", "/search", "/search?q=pane", "/organisations/ostile", f"/offers/{offer.id}", "/demands",
            f"/demands/{demand.id}", "/try?near=Bergamo&lots-0-what=pane&criteria-organic=1"]  # fmt: skip


class Elements(HTMLParser):
    """Every element of a page as a browser would make it, with its attributes."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def assert_inert(page):
    elements = Elements(page).found
    assert elements
    for tag, attributes in elements:
        assert tag not in ("iframe", "object", "embed", "base", "style")
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (
            tag,
            attributes,
        )
        for name in ("href", "src", "action", "formaction"):
            assert not (attributes.get(name) or "").strip().lower().startswith(("javascript:", "data:")), (
                attributes
            )
        if tag == "img":
            assert attributes["src"].startswith("/static/")
        if tag == "script":
            assert attributes.get("type") == "application/json" or attributes["src"].startswith("/static/")
    for found in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S):
        json.loads(found)
    assert "$49" not in page


def test_public_pages_show_it_as_words(client, world):
    for path in pages(world):
        answer = client.get(path)
        assert answer.status_code == 200
        assert_inert(answer.text)
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


def test_the_pages_of_members_show_it_as_words(app, world):
    _text, offer, _demand, person = world
    browser = browser_of(app, person)
    for path in (
        "/mine",
        f"/offers/{offer.id}/edit",
        "/organisations/ostile/offers/new",
        "/organisations/ostile/demands/new",
    ):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert_inert(answer.text)


def test_map_data_are_json_that_cannot_end_its_script(client, world):
    text, *_rest = world
    features = client.get("/api/v1/organisations.geojson").json["features"]
    assert f"Nome {text}" in [feature["properties"]["name"] for feature in features]
    page = client.get("/search").text
    (found,) = re.findall(r'<script type="application/json" data-map-points="map">(.*?)</script>', page, re.S)
    assert f"Nome {text}" in [feature["properties"]["name"] for feature in json.loads(found)["features"]]


@pytest.mark.parametrize("text", [IMAGE, BREAK_OUT, TEMPLATE, LINK])
@pytest.mark.parametrize("path", ["/", "/search", "/try", "/demands"])
def test_what_stands_in_an_address_is_shown_as_words(client, path, text):
    names = ("q", "near", "category", "criteria", "kind", "month", "page", "radius_km", "bbox", "lots-0-what",
             "lots-0-text", "profile", "mode", "_scheme", text)  # fmt: skip
    answer = client.get(path, query_string=dict.fromkeys(names, text))
    assert answer.status_code == 200
    assert_inert(answer.text)


@pytest.mark.parametrize("text", [IMAGE, BREAK_OUT, TEMPLATE])
def test_a_form_that_is_refused_shows_it_as_words(app, session, text):
    organisation, person = make_organisation(session, slug="forno"), make_user(session)
    make_membership(session, person, organisation)
    browser = browser_of(app, person)
    names = ("title", "category", "description", "unit", "price", "vat_treatment", "available", "months", "version",
             "near", "lots-0-what", "lots-0-text", "lots-0-quantity", "closes_at", "notice_link")  # fmt: skip
    for path in ("/organisations/forno/offers/new", "/organisations/forno/demands/new"):
        answer = browser.post(path, data=dict.fromkeys(names, text))
        assert answer.status_code == 200
        assert_inert(answer.text)
