"""Who is looking for what we offer: the same judgement as on the buyer's page."""

from datetime import timedelta

import pytest

from marketplace.clock import utc_now
from marketplace.matches.opportunities import opportunities
from marketplace.organisations.models import MemberRole
from tests.factories import (
    make_area,
    make_demand,
    make_lot,
    make_membership,
    make_offer,
    make_organisation,
)
from tests.marketplace.accounts.people import make_person, sign_in


@pytest.fixture
def dairy(session):
    organisation = make_organisation(session)
    make_area(session, organisation)
    make_offer(session, organisation, title="Robiola", category="food.dairy")
    return organisation


def test_an_open_demand_in_category_is_an_opportunity_with_its_reasons(app, session, dairy):
    demand = make_demand(session, make_organisation(session), lots=(make_lot(category="food.dairy"),))
    make_demand(session, make_organisation(session), lots=(make_lot(category="cleaning"),))
    with app.test_request_context():
        found = opportunities(session, dairy.id, utc_now())
    assert [item.demand.id for item in found.answerable] == [demand.id]
    assert found.answerable[0].sentences


def test_what_it_lacks_is_told_where_it_lacks_one_thing(app, session, dairy):
    make_demand(
        session,
        make_organisation(session),
        lots=(make_lot(category="food.dairy"),),
        required=[{"criterion": "organic", "proofs": ["certified"]}],
    )
    with app.test_request_context():
        found = opportunities(session, dairy.id, utc_now())
    assert found.answerable == ()
    assert found.missed[0].opportunity.near_miss.failed == "criteria"


def test_closed_demands_and_its_own_are_no_opportunity(app, session, dairy):
    lots = (make_lot(category="food.dairy"),)
    make_demand(session, dairy, lots=lots)
    make_demand(
        session,
        make_organisation(session),
        lots=(make_lot(category="food.dairy"),),
        closes_at=utc_now() - timedelta(seconds=1),
    )
    with app.test_request_context():
        assert opportunities(session, dairy.id, utc_now()).answerable == ()


def test_who_has_published_nothing_is_told_to_begin_there(client, session):
    organisation = make_organisation(session)
    person = make_person(session)
    make_membership(session, person, organisation, MemberRole.MEMBER)
    sign_in(client, person.email)
    page = client.get(f"/organisations/{organisation.slug}/opportunities?lang=en").get_data(as_text=True)
    assert "publish something first" in page


def test_a_stranger_does_not_see_what_others_could_answer(client, session, dairy):
    person = make_person(session)
    sign_in(client, person.email)
    assert client.get(f"/organisations/{dairy.slug}/opportunities").status_code == 404
