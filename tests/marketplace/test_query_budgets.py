"""Pages ask the database as often for a long list as for a short one, and not often."""

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
from tests.support.sql import counted_statements

#: Statements at most for a page that anybody sees. The engine of these tests reads the database itself: eight.
BUDGETS = {"/": 16, "/search": 16, "/search?q=pane&near=Bergamo": 16, "/organisations/forno-1": 10, "/demands": 5,
           "/demands/{demand}": 16, "/try?near=Bergamo&lots-0-what=pane": 14}  # fmt: skip


def grow(session, person, number):
    bakery = make_organisation(session, slug=f"forno-{number}", kinds=(Kind.PRODUCER, Kind.NETWORK))
    make_area(session, bakery)
    make_claim(session, bakery)
    make_membership(session, person, bakery)
    for _offer in range(3):
        offer = make_offer(session, bakery, category="food.bakery.bread", months=frozenset({11}))
        make_claim(session, bakery, offer)
    return make_demand(session, bakery, lots=(make_lot(0, category="food.bakery.bread"), make_lot(1)))


@pytest.fixture
def person(session):
    return make_user(session)


def asked(app, browser, path):
    browser.get(path)
    with counted_statements(app) as sent:
        assert browser.get(path).status_code == 200
    return sent


@pytest.mark.parametrize("path", list(BUDGETS))
def test_a_page_asks_as_often_for_many_as_for_few(app, client, session, person, path):
    demand = grow(session, person, 1)
    path = path.format(demand=demand.id)
    few = asked(app, client, path)
    for number in range(2, 8):
        grow(session, person, number)
    many = asked(app, client, path)
    assert len(many) <= len(few), "\n".join(many)
    assert len(many) <= BUDGETS.get(path, BUDGETS["/demands/{demand}"]), "\n".join(many)


def test_one_s_own_organisations_are_read_together(app, session, person):
    grow(session, person, 1)
    browser = browser_of(app, person)
    few = asked(app, browser, "/mine")
    for number in range(2, 8):
        grow(session, person, number)
    many = asked(app, browser, "/mine")
    assert len(many) <= len(few) <= 10, "\n".join(many)
