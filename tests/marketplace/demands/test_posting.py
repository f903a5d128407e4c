"""Posting a request in an organisation's name: by whom, of which type, with which fields."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.demands import operations
from marketplace.demands.as_fields import as_fields
from marketplace.demands.models import Demand, DemandType
from marketplace.errors import Invalid
from marketplace.organisations.models import Kind, Status
from search import demand as matching
from tests.factories import NOW, make_organisation
from tests.marketplace.demands.needs_filled import make_grower, need_data, public_data
from tests.support.people import people_of

NEED = "/organisations/gas/demands/new"
UNRANKED = ["market_consultation", "co_design", "notice_elsewhere"]


@pytest.fixture
def group(session):
    return make_organisation(session, kinds=(Kind.BUYING_GROUP,), slug="gas")


@pytest.fixture
def town(session):
    return make_organisation(session, kinds=(Kind.LOCAL_AUTHORITY,), slug="comune")


@pytest.fixture
def people(app, session, group):
    return people_of(app, session, group)


@pytest.fixture
def officials(app, session, town):
    return people_of(app, session, town)


def address(type_):
    return f"/organisations/comune/demands/new?type={type_}"


def demands(session):
    session.expire_all()
    return session.scalars(sa.select(Demand)).all()


def announcement(**overrides):
    return {
        "title": "Il verde del paese",
        "description": "Che cosa proponete?",
        "near": "Clusone",
        "lots-0-what": "carote",
        "notice_link": "https://example.org/avviso",
        "particulars-board_type": "co_design",
    } | overrides


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_who_edits_posts_and_everybody_reads_who_could_answer(people, session, who):
    make_grower(session, slug="orto")
    answer = getattr(people, who).post(NEED, data=need_data(title="Carote"))
    (demand,) = demands(session)
    assert (answer.status_code, answer.location) == (302, f"/demands/{demand.id}")
    assert (demand.type, demand.place_label, demand.comune) == ("need", "Clusone (BG)", "016077")
    assert [(lot.category, lot.quantity, lot.unit) for lot in demand.lots] == [
        ("food.vegetables.carrots", 40_000, "kg")
    ]
    assert demand.weights == {"fit": 3, "proximity": 2, "values": 4, "price": 1}
    assert 'data-supplier="orto"' in people.anonymous.get(answer.location).text
    assert session.scalars(sa.select(AuditEvent.verb)).all() == ["demand.posted"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_others_do_not_post(people, session, who, status, method):
    assert getattr(getattr(people, who), method)(NEED, data=need_data(title="X")).status_code == status
    assert demands(session) == []


def test_an_organisation_that_is_not_approved_posts_nothing(people, session, group):
    group.status = Status.SUSPENDED
    session.commit()
    assert people.owner.post(NEED, data=need_data(title="X")).status_code == 409
    assert demands(session) == []


def test_fields_that_are_not_of_the_form_are_not_stored(people, session, town):
    extra = {"organisation_id": town.id, "id": 77, "type": "quote_request", "published_at": "2020-01-01",
             "status": "closed", "demo": "1", "author_id": 1, "role": "owner", "profile": "public"}  # fmt: skip
    people.owner.post(NEED, data=need_data(title="Carote") | extra)
    (demand,) = demands(session)
    assert demand.organisation.slug == "gas"
    assert (demand.type, demand.demo, demand.author_id) == ("need", False, people.persons["owner"].id)
    assert demand.id != 77


def test_what_was_tried_fills_the_form(people):
    page = people.owner.get(NEED, query_string=need_data(criteria__organic="required")).text
    assert 'value="carote"' in page
    assert 'value="Clusone"' in page


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"title": ""}, "title-error"),
        ({"title": "   "}, "title-error"),
        ({"title": "x" * 161}, "title-error"),
        ({"near": "Samone"}, "near-error"),
        ({"lots-0-budget": "1e5"}, "lots-0-budget-error"),
        ({"closes_at": "2020-01-01T10:00"}, "closes_at-error"),
        ({"closes_at": "2031-10-26T02:30"}, "closes_at-error"),
        ({"closes_at": "2031-03-30T02:30"}, "closes_at-error"),
        ({"notice_link": "javascript:alert(1)"}, "notice_link-error"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(people, session, changes, error):
    answer = people.owner.post(NEED, data=need_data(title="Carote") | changes)
    assert answer.status_code == 200
    assert f'id="{error}"' in answer.text
    assert demands(session) == []


def test_a_place_is_chosen_by_a_button_that_comes_after_the_box(people, session):
    page = people.owner.post(NEED, data=need_data(title="Carote", near="Samone")).text
    assert 'name="near" value="Samone (TN)"' in page
    data = need_data(title="Carote") | {"near": ["Samone", "Samone (TN)"]}
    assert people.owner.post(NEED, data=data).status_code == 302
    assert demands(session)[0].province == "TN"


def test_a_deadline_is_read_on_the_clock_of_rome(people, session):
    people.owner.post(NEED, data=need_data(title="Carote", closes_at="2031-07-01T12:00"))
    assert demands(session)[0].closes_at == datetime(2031, 7, 1, 10, 0, tzinfo=UTC)


def test_one_more_line_does_not_post(people, session):
    page = people.owner.post(NEED, data=need_data(title="Carote") | {"more": "1"}).text
    assert 'name="lots-1-what"' in page
    assert demands(session) == []


# Public bodies


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


# The operation itself, whoever calls it


def post(session, people, organisation, type_, **overrides):
    from geo.areas import Place
    from geo.points import Point

    lots = overrides.pop("lots", (matching.Lot(category="food"),))
    values = {"title": "X", "description": "", "place_label": "Clusone (BG)", "closes_at": None, "now": NOW}
    need = matching.Demand(Place(Point(45.9, 9.9), "016077", "BG"), lots)
    return operations.post_demand(
        session, people.persons["owner"], organisation, type_=type_, need=need, **(values | overrides)
    )


@pytest.mark.parametrize(
    "type_, overrides, field",
    [
        (DemandType.QUOTE_REQUEST, {}, "type"),
        (DemandType.WISH, {}, "type"),
        (DemandType.NEED, {"closes_at": NOW}, "closes_at"),
    ],
)
def test_the_operation_refuses_what_a_group_may_not_post(session, people, group, type_, overrides, field):
    with pytest.raises(Invalid) as refused:
        post(session, people, group, type_, **overrides)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "type_, overrides, field",
    [
        (DemandType.NEED, {}, "type"),
        (DemandType.NOTICE_ELSEWHERE, {}, "notice_link"),
        (DemandType.QUOTE_REQUEST, {}, "closes_at"),
        (DemandType.SOCIAL_COOP_AGREEMENT, {}, "closes_at"),
        (DemandType.CO_DESIGN, {"lots": (matching.Lot(category="food", budget=1, unit="kg"),)}, "lots"),
    ],
)
def test_the_operation_refuses_what_a_public_body_may_not_post(
    session, officials, town, type_, overrides, field
):
    with pytest.raises(Invalid) as refused:
        post(session, officials, town, type_, **overrides)
    assert refused.value.field == field


def test_the_same_form_sent_twice_is_one_request(people, session):
    sent = need_data(title="Carote", sending="uno")
    first, second = people.editor.post(NEED, data=sent), people.editor.post(NEED, data=sent)
    assert first.status_code == 302
    assert first.location == second.location
    assert len(demands(session)) == 1
    # whoever goes back and changes something means another one, and so does another form with the same words
    people.editor.post(NEED, data=sent | {"title": "Altre carote"})
    people.editor.post(NEED, data=sent | {"sending": "due"})
    assert len(demands(session)) == 3


def test_a_draft_that_is_published_twice_is_one_request(people, session):
    saved = people.editor.post(NEED, data=need_data(title="Carote", save="1")).location
    sent = need_data(title="Carote", sending="uno", draft_version="1", publish="1")
    first, second = people.editor.post(saved, data=sent), people.editor.post(saved, data=sent)
    assert first.status_code == 302
    assert first.location == second.location
    assert len(demands(session)) == 1
    assert people.editor.get(saved).status_code == 404


def test_each_form_that_is_opened_has_a_number_of_its_own(people):
    numbers = {
        re.search(r'name="sending" value="([^"]+)"', people.editor.get(NEED).text)[1] for _ in range(2)
    }
    assert len(numbers) == 2


@pytest.mark.parametrize(
    "point, error",
    [
        ({"lat": "45,8914", "lon": "9,95"}, None),
        ({"lat": "45,8914"}, "lat-error"),
        ({"lat": "45,69525", "lon": "9,66951"}, "lat-error"),
        ({"lat": "45,69525", "lon": "9,66951", "near_confirmed": "y"}, None),
        ({"lat": "0", "lon": "0"}, "lat-error"),
    ],
)
def test_a_point_on_the_map_lies_in_the_municipality_that_is_written_or_is_confirmed(
    people, session, point, error
):
    page = people.editor.post(NEED, data=need_data(title="Carote", **point))
    if error:
        assert f'id="{error}"' in page.text
        assert demands(session) == []
        return
    (demand,) = demands(session)
    assert (demand.lat, demand.lon) == tuple(float(point[name].replace(",", ".")) for name in ("lat", "lon"))
    assert demand.comune == "016077"
    assert ("lat", f"{demand.lat:.6f}") in as_fields(demand)


def test_the_map_of_the_form_goes_to_the_municipality_that_is_written(people):
    counted = people.editor.post("/demands/count?type=need", data=need_data())
    assert 'data-map-place="picker"' in counted.text
