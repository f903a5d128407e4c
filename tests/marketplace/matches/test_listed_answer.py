"""An answer of the matcher with the names that people read."""

import pytest

from geo.areas import Place
from geo.points import Point
from marketplace import engines
from marketplace.catalogue.models import Offer
from marketplace.matches.queries import listed
from marketplace.matches.ranking_page import ranking
from marketplace.organisations.models import Status
from search.demand import Demand, Lot, Preferred
from tests.factories import NOW, make_area, make_claim, make_offer, make_organisation
from tests.support.sql import counted_statements

NEED = Demand(
    Place(Point(45.7, 9.67), "016024", "BG"),
    (Lot(category="food.vegetables.carrots"), Lot(category="food.fruit.apples", text="renette")),
    preferred=(Preferred("organic", 3),),
)


@pytest.fixture
def grow(session):
    def make(**overrides):
        organisation = make_organisation(session, **overrides)
        make_area(session, organisation)
        make_offer(session, organisation, title="Carote", category="food.vegetables.carrots")
        make_claim(session, organisation)
        return organisation

    return make


def test_suppliers_keep_the_order_of_the_answer_and_are_shown_with_what_proves_them(app, session, grow):
    far, near = grow(lat=45.55, lon=9.6), grow()
    session.commit()
    with app.test_request_context():
        page = ranking(session, NEED, NOW)
    assert [item.organisation.id for item in page.listed.matches] == [near.id, far.id]
    assert page.lot_names == ("Carote", "renette")
    (item, _far) = page.listed.matches
    assert page.uncovered(item) == ["renette"]
    assert [fact.criterion for fact in page.facts[near.id]] == ["organic"]
    assert [feature["properties"]["rank"] for feature in page.map_points["features"]] == [1, 2]


def test_who_was_suspended_since_the_index_last_looked_is_left_out(app, session, grow):
    one, other = grow(), grow()
    session.commit()
    answer = engines_match(app)
    one.status = Status.SUSPENDED
    session.flush()
    assert [item.organisation.id for item in listed(session, answer).matches] == [other.id]


def test_an_offer_withdrawn_since_is_not_named(app, session, grow):
    organisation = grow()
    session.commit()
    answer = engines_match(app)
    offer = next(iter(listed(session, answer).matches[0].offers))
    session.get(Offer, offer).status = "withdrawn"
    session.flush()
    assert listed(session, answer).matches[0].offers == {}
    assert organisation.id == answer.matches[0].supplier_id


def test_names_take_as_many_statements_for_one_as_for_many(app, session, grow):
    grow()
    session.commit()
    with counted_statements(app) as few:
        listed(session, engines_match(app))
    for _number in range(8):
        grow()
    session.commit()
    with counted_statements(app) as many:
        listed(session, engines_match(app))
    assert len(many) == len(few)


def engines_match(app):
    with app.test_request_context():
        return engines.search_engine().match(NEED, NOW)
