"""What a member finds on their own page, by what kind of organisation it is."""

import pytest
from flask import url_for

from marketplace.organisations.doors import rooms
from marketplace.organisations.models import Kind, MemberRole


def endpoints(kinds, role):
    return [door.endpoint for room in rooms(kinds, role) for door in room.doors]


def test_a_group_comes_for_its_orders_first(app_context):
    found = endpoints({Kind.BUYING_GROUP}, MemberRole.EDITOR)
    assert found[:2] == ["orders.new", "orders.index"]
    assert {"households.index", "ledger.index", "price_lists.lists"} <= set(found)


def test_a_producer_comes_for_its_catalogue_and_has_no_cassa(app_context):
    found = endpoints({Kind.PRODUCER}, MemberRole.OWNER)
    assert found[0] == "catalogue.new"
    assert not {"ledger.index", "orders.new", "households.index"} & set(found)


def test_a_public_body_buys_and_has_no_catalogue(app_context):
    found = endpoints({Kind.LOCAL_AUTHORITY}, MemberRole.EDITOR)
    assert found[0] == "demands.new"
    assert not {"catalogue.new", "matches.opportunities_of", "evidence.edit_card"} & set(found)


def test_a_family_sees_its_own_orders_and_account_and_nothing_to_edit(app_context):
    found = endpoints({Kind.BUYING_GROUP}, MemberRole.MEMBER)
    assert found[:3] == ["orders.index", "households.mine", "ledger.mine"]
    assert not {"orders.new", "ledger.index", "demands.new", "organisations.contacts"} & set(found)


@pytest.mark.parametrize("role", list(MemberRole))
def test_every_door_leads_somewhere(app, role):
    with app.test_request_context():
        for room in rooms(frozenset(Kind) - {Kind.LOCAL_AUTHORITY, Kind.SCHOOL, Kind.INTER_MUNICIPAL}, role):
            for door in room.doors:
                assert url_for(door.endpoint, **({"slug": "a"} if door.of_organisation else {}))
