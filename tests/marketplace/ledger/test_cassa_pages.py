"""The pages of a group's cassa, as a browser without JavaScript meets them."""

import re

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.ledger import queries, transfers
from marketplace.ledger.models import Entry
from marketplace.orders.booking_models import Basket
from tests.factories import make_household, make_membership, make_organisation, make_user
from tests.marketplace.ledger.conftest import LATER
from tests.support.people import browser_of
from tests.support.sql import counted_statements


@pytest.fixture
def clock():
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


def baskets(session, cycle):
    return {
        row.household_id: row
        for row in session.scalars(
            sa.select(Basket).where(Basket.cycle_id == cycle.id).execution_options(populate_existing=True)
        )
    }


def test_without_accounts_households_are_ticked_at_the_table(app, session, make_group, clock):
    group = make_group()
    cycle = group.order()
    browser, home = browser_of(app, group.treasurer), f"/organisations/{group.slug}/cassa"
    page = f"{home}/orders/{cycle.id}"
    assert page in browser.get(home).text
    shown = browser.get(page).text.replace("\u00a0", " ")
    assert "Rossi: 10,00 €" in shown
    assert "Bianchi: 15,00 €" in shown
    assert "25,00 €" in shown
    rossi = baskets(session, cycle)[group.homes[0].id].id
    assert browser.post(f"{page}/paid/{rossi}", data={"amount": "1e3"}).status_code == 302
    assert baskets(session, cycle)[group.homes[0].id].paid is None
    for _ in range(2):
        assert browser.post(f"{page}/paid/{rossi}", data={"amount": "10,00", "total": "1"}).status_code == 302
    ticked = baskets(session, cycle)[group.homes[0].id]
    assert (ticked.paid, ticked.paid_at, ticked.paid_to_id) == (1000, LATER, group.treasurer.id)
    assert "Rossi: 10,00" not in browser.get(page).text
    assert session.scalar(sa.select(Entry.id)) is None
    browser.post(f"{page}/unpaid/{rossi}")
    assert baskets(session, cycle)[group.homes[0].id].paid_at is None


def test_with_accounts_an_order_is_charged_paid_and_the_tick_taken_back(app, session, group, clock):
    cycle = group.order()
    browser, page = browser_of(app, group.treasurer), f"/organisations/{group.slug}/cassa/orders/{cycle.id}"
    rossi = baskets(session, cycle)[group.homes[0].id].id
    for _ in range(2):
        assert browser.post(f"{page}/charge").status_code == 302
    assert queries.household_balance(session, group.homes[0].id) == -1000
    browser.post(f"{page}/paid/{rossi}", data={"amount": "10,00"})
    assert queries.household_balance(session, group.homes[0].id) == 0
    browser.post(f"{page}/unpaid/{rossi}")
    browser.post(f"{page}/paid/{rossi}", data={"amount": "9,00"})
    assert queries.household_balance(session, group.homes[0].id) == -100
    assert browser.get(page).status_code == 200


def test_a_movement_is_recorded_once_corrected_and_seen(app, session, group, clock):
    browser, home = browser_of(app, group.treasurer), f"/organisations/{group.slug}/cassa"
    assert "kind=advance" in browser.get(f"{home}/new").text
    form = browser.get(f"{home}/new?kind=advance").text
    filled = {
        "key": re.search(r'name="key" type="hidden" value="([^"]+)"', form)[1],
        "household": str(group.homes[0].id),
        "amount": "50,00",
        "through": "bank",
        "day": "2026-11-28",
        "text": "=1+1",
        "organisation_id": "1",
    }
    for _ in range(2):
        assert browser.post(f"{home}/new?kind=advance", data=filled).status_code == 302
    entry = session.scalar(sa.select(Entry))
    assert (entry.kind, entry.organisation_id, entry.text) == ("advance", group.id, "=1+1")
    wrong = browser.post(f"{home}/new?kind=advance", data=filled | {"amount": "-5", "household": "0"})
    assert wrong.status_code == 400
    instead = browser.post(f"{home}/new?kind=cash&instead={entry.id}", data=filled | {"amount": "40"})
    assert instead.status_code == 302
    assert queries.household_balance(session, group.homes[0].id) == 4000
    for path in ("", "/entries", f"/entries/{entry.id}", f"/accounts/{entry.sides[0].account_id}"):
        assert browser.get(home + path).status_code == 200
    assert browser.post(f"{home}/entries/{entry.id}/take-back").status_code == 302
    assert session.scalar(sa.select(sa.func.count(Entry.id))) == 3


def test_people_see_their_own_account_only(app, session, make_group, clock):
    group = make_group(keeps_accounts=True, iban="IT60X0542811101000000123456", account_holder="GAS Prova")
    cycle, home = group.order(), f"/organisations/{group.slug}/cassa"
    treasurer, rossi = browser_of(app, group.treasurer), browser_of(app, group.rossi)
    treasurer.post(f"{home}/orders/{cycle.id}/charge")
    own = rossi.get(f"{home}/mine")
    assert "10,00" in own.text
    assert "Bianchi" not in own.text
    assert "data:image/svg+xml" in own.text
    assert transfers.reference(group.homes[0].id) in own.text
    for path in ("", "/entries", "/new", f"/orders/{cycle.id}"):
        assert rossi.get(home + path).status_code == 403


def test_another_group_s_things_are_not_there(app, session, group, make_group, clock):
    """Ordeal 27: every id of another group's, below one's own address and below theirs."""
    cycle = group.order()
    browser_of(app, group.treasurer).post(f"/organisations/{group.slug}/cassa/orders/{cycle.id}/charge")
    entry = session.scalar(sa.select(Entry))
    other = make_group(keeps_accounts=True)
    stranger = browser_of(app, other.treasurer)
    basket = baskets(session, cycle)[group.homes[0].id].id
    for slug in (group.slug, other.slug):
        home = f"/organisations/{slug}/cassa"
        for path in (f"/orders/{cycle.id}", f"/entries/{entry.id}", f"/accounts/{entry.sides[0].account_id}"):
            assert stranger.get(home + path).status_code == 404
        for path in (
            f"/orders/{cycle.id}/charge",
            f"/orders/{cycle.id}/paid/{basket}",
            f"/entries/{entry.id}/take-back",
        ):
            assert stranger.post(home + path, data={"amount": "10"}).status_code == 404
    own = other.order()
    crossed = f"/organisations/{other.slug}/cassa/orders/{own.id}/paid/{basket}"
    assert stranger.post(crossed, data={"amount": "10"}).status_code == 404
    producer = make_organisation(session)
    make_membership(session, other.treasurer, producer)
    session.commit()
    assert stranger.get(f"/organisations/{producer.slug}/cassa").status_code == 404
    assert baskets(session, cycle)[group.homes[0].id].paid_at is None


def test_pages_ask_as_often_for_many_households_as_for_few(app, session, group, clock):
    cycle, browser = group.order(), browser_of(app, group.treasurer)
    home = f"/organisations/{group.slug}/cassa"
    browser.post(f"{home}/orders/{cycle.id}/charge")
    few = {}
    for path in ("", "/entries", f"/orders/{cycle.id}"):
        with counted_statements(app) as sent:
            assert browser.get(home + path).status_code == 200
        few[path] = len(sent)
    for _ in range(6):
        group.homes.append(make_household(session, group.organisation, make_user(session)))
    other = group.order(quantities=[1000] * 8)
    browser.post(f"{home}/orders/{other.id}/charge")
    asked = {(home + path).replace(f"/{cycle.id}", f"/{other.id}"): count for path, count in few.items()}
    for path, count in asked.items():
        with counted_statements(app) as sent:
            browser.get(path)
        assert (len(sent), path) <= (count, path)
        assert count <= 16, path
