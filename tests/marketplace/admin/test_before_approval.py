"""What everybody else sees of an organisation before it is approved, and of a person ever."""

import pytest

from marketplace.organisations.models import MemberRole, Status
from tests.factories import (
    make_demand,
    make_offer,
)
from tests.marketplace.admin.applying import application, standing
from tests.support.people import people_of


def test_a_person_who_joined_is_never_public(secretary, session, client):
    person = application(session, name="Anna Rossi", legal_form="natural_person", kinds=(), vat_number=None)
    secretary.post(f"/desk/organisations/{person.slug}", data={"verdict": "approved"})
    assert standing(session, person) == Status.ENROLLED
    assert client.get(f"/organisations/{person.slug}").status_code == 404
    assert person.slug not in client.get("/api/v1/organisations.geojson").text
    secretary.post(f"/desk/organisations/{person.slug}", data={"verdict": "suspended", "reason": "x"})
    secretary.post(f"/desk/organisations/{person.slug}", data={"verdict": "reinstated"})
    assert standing(session, person) == Status.ENROLLED


@pytest.mark.parametrize("status", [Status.APPLICANT, Status.SUSPENDED, Status.REFUSED, Status.ENROLLED])
def test_nothing_of_an_organisation_is_public_before_approval(client, session, status):
    organisation = application(session, status=status, name="Cascina Invisibile")
    offer = make_offer(session, organisation, title="Zucca invisibile", category="vegetables")
    demand = make_demand(session, organisation, title="Cerchiamo farina invisibile")
    assert client.get(f"/organisations/{organisation.slug}").status_code == 404
    assert client.get(f"/offers/{offer.id}").status_code == 404
    assert client.get(f"/demands/{demand.id}").status_code == 404
    for page in (
        "/",
        "/search?q=invisibile",
        "/search?near=Bergamo",
        "/demands",
        "/suggest?q=invisib",
        "/api/v1/offers?q=invisibile",
        "/api/v1/organisations.geojson",
    ):
        answer = client.get(page)
        assert answer.status_code == 200
        # the page of a search repeats the words that were sought
        for name in ("Cascina Invisibile", "Zucca invisibile", "farina invisibile", organisation.slug):
            assert name not in answer.text, page


def test_members_of_an_applicant_see_what_the_rest_does_not(app, session):
    organisation = application(session)
    people = people_of(app, session, organisation)
    assert organisation.name in people.member.get("/mine").text
    assert organisation.name not in people.stranger.get("/mine").text
    assert MemberRole.MEMBER in {m.role for m in organisation.memberships}
