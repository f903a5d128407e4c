"""Posting a need in the name of a group: by whom, with which fields, once however often it is sent."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.demands.as_fields import as_fields
from marketplace.organisations.models import Status
from tests.marketplace.demands.needs_filled import make_grower, need_data
from tests.marketplace.demands.posting import NEED, demands


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
