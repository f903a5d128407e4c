"""Trying a request: anybody, without an account, and nothing is kept."""

import re

import pytest
import sqlalchemy as sa

from marketplace.demands.models import Demand
from marketplace.organisations.models import Kind, Status
from tests.factories import make_claim, make_membership, make_organisation, make_user
from tests.marketplace.demands.needs_filled import make_grower, need_data, public_data
from tests.support.people import browser_of


def ranked_slugs(page: str) -> list[str]:
    return re.findall(r'data-supplier="([^"]+)"', page)


def test_the_empty_form_asks_and_shows_where_the_answer_will_be(client):
    page = client.get("/try").text
    assert 'name="near"' in page
    assert 'id="answer"' in page
    assert 'id="map"' in page


def test_a_need_is_answered_with_who_could_meet_it_and_why(client, session):
    make_grower(session, slug="vicina")
    make_grower(session, slug="lontana", km=5)
    page = client.get("/try", query_string=need_data()).text
    assert ranked_slugs(page) == ["vicina"]
    assert "data-map-points" in page
    below = page[page.index("below-line") :]
    assert "/organisations/lontana" in below


def test_the_values_that_count_move_the_order(client, session):
    make_grower(session, slug="certificata", certified=True, lat=45.55, lon=9.60)
    make_grower(session, slug="vicina", lat=45.86, lon=9.93)
    asked = need_data(criteria__organic="3", proximity="10", values="0")
    assert ranked_slugs(client.get("/try", query_string=asked).text) == ["vicina", "certificata"]
    asked |= {"proximity": "0", "values": "10"}
    assert ranked_slugs(client.get("/try", query_string=asked).text) == ["certificata", "vicina"]


def test_who_is_suspended_or_has_nothing_published_is_not_listed(client, session):
    make_grower(session, slug="sospesa", status=Status.SUSPENDED)
    make_organisation(session, slug="vuota")
    page = client.get("/try", query_string=need_data()).text
    assert ranked_slugs(page) == []
    assert "/organisations/sospesa" not in page


def test_nothing_is_kept_and_nothing_is_told(client, session):
    make_grower(session)
    client.get("/try", query_string=need_data())
    assert session.scalar(sa.select(sa.func.count(Demand.id))) == 0


def test_a_public_body_finds_empty_boxes_and_the_rule_with_its_source(client):
    page = client.get("/try?profile=public").text
    assert 'type="range"' not in page
    assert re.search(r'<input[^>]*name="fit"[^>]*value=""', page)
    assert "ANAC" in page
    assert "equivalente" in page or "equivalent" in page


def test_who_turns_out_to_be_a_public_body_finds_no_weights_of_a_group(client):
    sent = need_data(profile="public", fit="3", proximity="2", values="4", price="1", weights_of="community")
    page = client.get("/try", query_string=sent).text
    for component in ("fit", "proximity", "values", "price"):
        assert re.search(rf'<input[^>]*name="{component}"[^>]*value=""', page)


def test_what_is_wrong_in_a_line_is_said_once_with_a_way_to_its_box(client):
    page = client.get("/try", query_string=need_data(lots__1__what="qwertyuiop")).text
    assert 'href="#lots-1-what"' in page
    assert "{" not in page[page.index("notice-danger") :].split("</div></div>")[0]


def test_a_group_finds_sliders(client):
    assert client.get("/try").text.count('type="range"') == 4


def test_a_public_body_s_rules_are_said_beside_the_field_and_nothing_is_ranked(client, session):
    make_grower(session)
    page = client.get("/try", query_string=public_data(proximity="5")).text
    assert 'id="proximity_reason-error"' in page
    assert ranked_slugs(page) == []


@pytest.mark.parametrize(
    "near, proposed", [("Samone", "near=Samone+%28TN%29"), ("Clusonne", "near=Clusone+%28BG%29")]
)
def test_a_place_that_is_not_understood_proposes_others_as_links_that_keep_the_rest(client, near, proposed):
    page = client.get("/try", query_string=need_data(near=near)).text
    (link,) = [found for found in re.findall(r'href="(/try\?[^"]+)"', page) if proposed in found][:1]
    assert "lots-0-what=carote" in link
    assert client.get(link.replace("&amp;", "&")).text.count('id="near-error"') == 0


def test_a_point_outside_italy_is_answered_and_said_to_have_no_comune(client, session):
    make_grower(session)
    page = client.get("/try", query_string=need_data(near="48.85, 2.35", mode="remote")).text
    assert "form-note" in page
    assert ranked_slugs(page)


def test_one_more_line_can_be_had_without_a_script(client):
    page = client.get("/try", query_string=need_data() | {"more": "1"}).text
    assert 'name="lots-1-what"' in page
    assert 'value="carote"' in page


def test_there_are_never_more_than_ten_lines(client):
    data = need_data() | {f"lots-{number}-what": "mele" for number in range(10)} | {"more": "1"}
    page = client.get("/try", query_string=data).text
    assert 'name="lots-9-what"' in page
    assert 'name="lots-10-what"' not in page


def test_who_may_post_is_offered_to_post_what_they_tried(app, session):
    make_grower(session)
    person, group = make_user(session), make_organisation(session, kinds=(Kind.BUYING_GROUP,), slug="gas")
    make_membership(session, person, group, "editor")
    page = browser_of(app, person).get("/try", query_string=need_data()).text
    assert "/organisations/gas/demands/new?" in page
    assert "lots-0-what=carote" in page


@pytest.mark.parametrize("role", ["member", None])
def test_others_are_not(app, session, role):
    make_grower(session)
    person, group = make_user(session), make_organisation(session, slug="gas")
    if role:
        make_membership(session, person, group, role)
    assert (
        "/organisations/gas/demands/new"
        not in browser_of(app, person).get("/try", query_string=need_data()).text
    )


def test_what_proves_a_must_is_told_with_the_supplier(client, session):
    make_grower(session, slug="dichiara")
    certified = make_grower(session, slug="certificata", certified=True)
    make_claim(
        session,
        certified,
        criterion="work_inclusion",
        proof="register",
        details={"register": "Albo", "number": "77"},
        expires=None,
    )
    page = client.get(
        "/try", query_string=need_data(criteria__organic="required", criteria__work_inclusion="1")
    ).text
    assert ranked_slugs(page) == ["certificata"]
    assert "IT-BIO-000" in page
    assert "/organisations/dichiara" in page[page.index("below-line") :]
