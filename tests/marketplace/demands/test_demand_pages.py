"""The list of open requests and the page of one."""

import re
from datetime import timedelta

import pytest
import time_machine

from marketplace.demands.models import DemandType
from marketplace.organisations.models import Kind, Status
from tests.factories import NOW, make_demand, make_lot, make_organisation
from tests.marketplace.demands.needs_filled import make_grower
from tests.support.people import people_of

PUBLIC_WEIGHTS = {"fit": 4, "proximity": 0, "values": 4, "price": 2}


@pytest.fixture
def group(session):
    return make_organisation(session, kinds=(Kind.BUYING_GROUP,), slug="gas", name="GAS di prova")


@pytest.fixture
def town(session):
    return make_organisation(session, kinds=(Kind.LOCAL_AUTHORITY,), slug="comune")


def carrots(**overrides):
    return (make_lot(0, category="food.vegetables.carrots", **overrides),)


def slugs(page):
    return re.findall(r'data-supplier="([^"]+)"', page)


# The list


def test_open_requests_are_listed_the_next_deadline_first(client, session, group):
    with time_machine.travel(NOW, tick=False):
        make_demand(session, group, title="Senza scadenza")
        make_demand(session, group, title="Fra un mese", closes_at=NOW + timedelta(days=30))
        make_demand(session, group, title="Domani", closes_at=NOW + timedelta(days=1))
        page = client.get("/demands").text
    assert page.index("Domani") < page.index("Fra un mese") < page.index("Senza scadenza")


@pytest.mark.parametrize("milliseconds, listed", [(-1, True), (0, False), (1, False)])
def test_at_its_deadline_a_request_leaves_the_list_but_not_its_page(
    client, session, group, milliseconds, listed
):
    closes = NOW + timedelta(days=1)
    demand = make_demand(session, group, title="In scadenza", closes_at=closes)
    with time_machine.travel(closes + timedelta(milliseconds=milliseconds), tick=False):
        assert ("In scadenza" in client.get("/demands").text) == listed
        assert client.get(f"/demands/{demand.id}").status_code == 200


@pytest.mark.parametrize(
    "hidden",
    [
        {"published_at": None},
        {"published_at": NOW + timedelta(days=400)},
        {"withdrawn_at": NOW - timedelta(days=1)},
    ],
)
def test_drafts_and_what_was_withdrawn_are_nowhere(client, session, group, hidden):
    demand = make_demand(session, group, title="Nascosta", **hidden)
    with time_machine.travel(NOW, tick=False):
        assert "Nascosta" not in client.get("/demands").text
        assert client.get(f"/demands/{demand.id}").status_code == 404


def test_requests_of_a_suspended_organisation_are_nowhere(client, session):
    demand = make_demand(session, make_organisation(session, status=Status.SUSPENDED), title="Nascosta")
    assert "Nascosta" not in client.get("/demands").text
    assert client.get(f"/demands/{demand.id}").status_code == 404


@pytest.mark.parametrize("page", ["-1", "0", str(10**18), "x", "１", "9" * 5000, "1.5"])
def test_any_page_number_shows_a_page(client, session, group, page):
    make_demand(session, group)
    assert client.get("/demands", query_string={"page": page}).status_code == 200


def test_an_empty_list_says_what_to_do_next(client):
    assert "/try" in client.get("/demands").text


# The page


def test_a_request_shows_what_is_asked_and_who_could_answer(client, session, group):
    make_grower(session, slug="orto")
    demand = make_demand(
        session, group, title="Carote per tutti", lots=carrots(quantity=40_000, unit="kg", budget=25_000)
    )
    page = client.get(f"/demands/{demand.id}").text
    assert "Carote per tutti" in page
    assert "GAS di prova" in page
    assert "40" in page
    assert "2,50" in page
    assert slugs(page) == ["orto"]


def test_sliders_reorder_and_what_is_stored_stays(client, session, group):
    make_grower(session, slug="certificata", certified=True, lat=45.50, lon=9.60)
    make_grower(session, slug="vicina")
    demand = make_demand(
        session,
        group,
        lots=carrots(),
        preferred=[{"criterion": "organic", "importance": 3}],
        weights={"values": 9},
    )
    assert slugs(client.get(f"/demands/{demand.id}").text) == ["certificata", "vicina"]
    moved = client.get(f"/demands/{demand.id}?fit=0&proximity=10&values=0&price=0").text
    assert slugs(moved) == ["vicina", "certificata"]
    session.expire_all()
    assert demand.weights == {"values": 9}


@pytest.mark.parametrize(
    "weights",
    ["fit=0&proximity=0&values=0&price=0", "fit=x&proximity=1&values=1&price=1", "fit=11&proximity=1&values=1&price=1",
     "fit=1e3&proximity=1&values=1&price=1", "fit=-1&proximity=1&values=1&price=1", "fit=１&proximity=1&values=1&price=1",
     "fit=1"],
)  # fmt: skip
def test_weights_that_cannot_be_leave_the_order_of_the_request(client, session, group, weights):
    make_grower(session, slug="orto")
    demand = make_demand(session, group, lots=carrots())
    answer = client.get(f"/demands/{demand.id}?{weights}")
    assert answer.status_code == 200
    assert slugs(answer.text) == ["orto"]


def test_what_a_public_body_has_set_cannot_be_moved(client, session, town):
    make_grower(session, slug="certificata", certified=True, lat=45.50, lon=9.60)
    make_grower(session, slug="vicina")
    demand = make_demand(
        session,
        town,
        type=DemandType.QUOTE_REQUEST,
        lots=carrots(),
        preferred=[{"criterion": "organic", "importance": 3}],
        weights=PUBLIC_WEIGHTS,
    )
    page = client.get(f"/demands/{demand.id}?fit=0&proximity=10&values=0&price=0").text
    assert slugs(page) == ["certificata", "vicina"]
    assert 'type="range"' not in page


def test_what_a_public_body_requires_is_required_or_equivalent(client, session, town):
    demand = make_demand(
        session,
        town,
        type=DemandType.QUOTE_REQUEST,
        required=[{"criterion": "organic", "proofs": ["certified"]}],
        weights=PUBLIC_WEIGHTS,
    )
    assert "o equivalente" in client.get(f"/demands/{demand.id}", headers={"Accept-Language": "it"}).text


@pytest.mark.parametrize("type_", ["market_consultation", "co_design", "notice_elsewhere"])
def test_types_without_a_ranking_rank_nobody(client, session, town, type_):
    make_grower(session, slug="orto")
    demand = make_demand(
        session, town, type=type_, lots=carrots(budget=10_000, unit="kg"), weights=PUBLIC_WEIGHTS
    )
    page = client.get(f"/demands/{demand.id}").text
    assert slugs(page) == []
    assert "1,00" not in page
    assert "score-total" not in page


def test_a_wish_of_a_resident_names_no_person(client, session):
    demand = make_demand(session)
    page = client.get(f"/demands/{demand.id}").text
    assert demand.title in page
    assert "@" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "9" * 5000, "abc"])
def test_an_id_that_is_none_is_no_page(client, number):
    assert client.get(f"/demands/{number}").status_code == 404


# Withdrawing


def test_only_editors_see_the_button_and_withdraw(app, session, group):
    demand = make_demand(session, group)
    people = people_of(app, session, group)
    address = f"/demands/{demand.id}/withdraw"
    for who, status in (("anonymous", 302), ("stranger", 404), ("member", 404)):
        browser = getattr(people, who)
        assert address not in browser.get(f"/demands/{demand.id}").text
        assert browser.post(address).status_code == status
    session.expire_all()
    assert demand.withdrawn_at is None
    assert address in people.editor.get(f"/demands/{demand.id}").text
    assert people.editor.post(address).status_code == 302
    for who, status in (("owner", 200), ("member", 200), ("stranger", 404), ("anonymous", 404)):
        assert getattr(people, who).get(f"/demands/{demand.id}").status_code == status
    assert address not in people.owner.get(f"/demands/{demand.id}").text
    session.expire_all()
    first = demand.withdrawn_at
    assert people.owner.post(address).status_code == 302
    session.expire_all()
    assert demand.withdrawn_at == first


def test_a_wish_is_nobody_s_to_withdraw_through_an_organisation(app, session, group):
    wish = make_demand(session)
    assert people_of(app, session, group).owner.post(f"/demands/{wish.id}/withdraw").status_code == 404
