"""Ids in addresses are positive and fit the database; anything else is no page."""

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from marketplace.converters import MAX_ID, IdConverter


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
