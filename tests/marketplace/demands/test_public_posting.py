"""Posting in the name of a public body: of which type, with which fields."""

import pytest

from marketplace.demands.models import Demand, DemandType
from tests.marketplace.demands.needs_filled import need_data, public_data
from tests.marketplace.demands.posting import address, demands

UNRANKED = ["market_consultation", "co_design", "notice_elsewhere"]


def announcement(**overrides):
    return {
        "title": "Il verde del paese",
        "description": "Che cosa proponete?",
        "near": "Clusone",
        "lots-0-what": "carote",
        "notice_link": "https://example.org/avviso",
        "particulars-board_type": "co_design",
    } | overrides


def test_a_public_body_first_chooses_what_kind_of_request_it_is(officials):
    page = officials.owner.get("/organisations/comune/demands/new").text
    for type_ in DemandType:
        assert (f"type={type_}" in page) == (type_ not in ("need", "wish"))


@pytest.mark.parametrize("type_", ["need", "wish", "x", "1", "quote_request;"])
def test_a_type_that_is_not_a_public_body_s_asks_which_one(officials, session, type_):
    assert "type=quote_request" in officials.owner.post(address(type_), data=need_data(title="X")).text
    assert demands(session) == []


def test_a_request_for_quotes_keeps_the_weights_that_the_body_has_set(officials, session):
    data = public_data(title="Carote per la mensa", criteria__organic="required")
    assert officials.owner.post(address("quote_request"), data=data).status_code == 302
    (demand,) = demands(session)
    assert demand.type == "quote_request"
    assert demand.weights == {"fit": 4, "proximity": 0, "values": 4, "price": 2}
    assert demand.required == [{"criterion": "organic", "proofs": ["certified"]}]


def test_a_public_body_without_weights_posts_nothing(officials, session):
    data = need_data(title="Carote", closes_at="2031-05-31T12:00")
    page = officials.owner.post(address("quote_request"), data=data).text
    assert 'id="fit-error"' in page
    assert demands(session) == []


def test_whoever_says_to_be_a_group_is_still_a_public_body(officials, session):
    data = public_data(title="Carote") | {"profile": "community", "proximity": "9"}
    assert 'id="proximity_reason-error"' in officials.owner.post(address("quote_request"), data=data).text
    assert demands(session) == []


def test_an_agreement_is_with_type_b_co_ops_only_whatever_the_form_says(officials, session):
    data = public_data(title="Verde") | {"qualifications": "sme"}
    assert 'name="qualifications"' not in officials.owner.get(address("social_coop_agreement")).text
    officials.owner.post(address("social_coop_agreement"), data=data)
    assert demands(session)[0].qualifications == ["albo_b"]


@pytest.mark.parametrize("type_", UNRANKED)
def test_a_request_that_ranks_nobody_asks_no_price_and_no_weight(officials, session, type_):
    page = officials.owner.get(address(type_)).text
    for name in ("lots-0-budget", "fit", "criteria-organic", "qualifications", "max_distance_km"):
        assert f'name="{name}"' not in page
    data = announcement() | {
        "lots-0-budget": "5",
        "lots-0-quantity": "3",
        "fit": "9",
        "criteria-organic": "required",
    }
    assert officials.owner.post(address(type_), data=data).status_code == 302
    (demand,) = demands(session)
    assert (demand.type, demand.notice_link) == (type_, "https://example.org/avviso")
    assert [(lot.category, lot.budget, lot.quantity) for lot in demand.lots] == [
        ("food.vegetables.carrots", None, None)
    ]
    assert (demand.weights, demand.required) == ({}, [])
    assert officials.anonymous.get(f"/demands/{demand.id}").status_code == 200


def test_only_a_notice_elsewhere_must_say_where(officials, session):
    data = announcement(notice_link="")
    assert 'id="notice_link-error"' in officials.owner.post(address("notice_elsewhere"), data=data).text
    assert officials.owner.post(address("market_consultation"), data=data).status_code == 302


def test_what_is_sealed_until_a_deadline_must_have_one(officials, session):
    for type_ in ("quote_request", "social_coop_agreement"):
        page = officials.owner.post(address(type_), data=public_data(title="Carote", closes_at="")).text
        assert 'id="closes_at-error"' in page
    assert session.query(Demand).count() == 0
