"""Ids in addresses are positive and fit the database; anything else is no page."""

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from marketplace.converters import MAX_ID, IdConverter, written_id, written_page, written_version


@pytest.fixture
def addresses():
    return Map([Rule("/<id:thing>", endpoint="thing")], converters={"id": IdConverter}).bind("")


@pytest.mark.parametrize("number", [1, 42, MAX_ID])
def test_ids_that_can_be_are_read(addresses, number):
    assert addresses.match(f"/{number}") == ("thing", {"thing": number})


@pytest.mark.parametrize(
    "text", ["0", "-1", "01", "+1", "1.0", "x", "１", str(MAX_ID + 1), "9" * 5000, "1e3"]
)
def test_ids_that_cannot_be_are_no_page(addresses, text):
    with pytest.raises(NotFound):
        addresses.match(f"/{text}")


@pytest.mark.parametrize(
    "text, id_",
    [
        ("7", 7),
        (str(MAX_ID), MAX_ID),
        *((text, None) for text in ("", "0", "-1", "²", "１", "1e3", "9" * 30, "9" * 5000)),
    ],
)
def test_ids_in_forms_are_read_or_are_none(text, id_):
    assert written_id(text) == id_


@pytest.mark.parametrize(
    "text, version", [("7", 7), (7, 7), ("0", 0), *((odd, 0) for odd in ("", None, "-1", "²", "9" * 5000))]
)
def test_what_is_no_version_is_older_than_every_version(text, version):
    assert written_version(text) == version


@pytest.mark.parametrize(
    "text, page", [("7", 7), *((odd, 1) for odd in ("", None, "0", "-1", "２", "9" * 5000))]
)
def test_what_is_no_page_is_the_first(text, page):
    assert written_page(text) == page
