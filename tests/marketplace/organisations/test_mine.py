"""What a member finds of the organisations they belong to."""

import pytest

from marketplace.organisations.models import Kind
from tests.factories import make_demand, make_offer, make_organisation
from tests.support.people import people_of


@pytest.fixture
def group(session):
    organisation = make_organisation(session, slug="gas", name="GAS di prova", kinds=(Kind.BUYING_GROUP,))
    make_offer(session, organisation, title="Passata del gruppo", category="food.vegetables.tomatoes")
    make_offer(
        session, organisation, title="Miele finito", category="food.vegetables.tomatoes", status="withdrawn"
    )
    make_demand(session, organisation, title="Arance per tutti")
    return organisation


@pytest.fixture
def people(app, session, group):
    return people_of(app, session, group)


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_members_see_all_that_is_theirs_also_what_was_withdrawn(people, who):
    page = getattr(people, who).get("/mine").text
    for words in ("GAS di prova", "Passata del gruppo", "Miele finito", "Arance per tutti"):
        assert words in page


@pytest.mark.parametrize("who, may", [("owner", True), ("editor", True), ("member", False)])
def test_only_who_edits_is_led_to_where_one_edits(people, who, may):
    page = getattr(people, who).get("/mine").text
    assert ("/organisations/gas/offers/new" in page) == may
    assert ("/organisations/gas/demands/new" in page) == may
    assert ("/edit" in page) == may


def test_a_stranger_sees_nothing_of_it_and_who_is_not_signed_in_is_asked_to(people):
    page = people.stranger.get("/mine").text
    assert "GAS di prova" not in page
    answer = people.anonymous.get("/mine")
    assert (answer.status_code, answer.location) == (302, "/login?next=/mine")
