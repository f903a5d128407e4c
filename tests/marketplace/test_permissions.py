"""Load and authorise in one: owner, colleague, stranger, and those of an organisation that does not stand."""

import pytest

from marketplace.catalogue.models import Offer
from marketplace.db import db
from marketplace.errors import Conflict, NotAllowed, NotFound
from marketplace.organisations.models import MemberRole, Organisation, Status
from marketplace.permissions import (
    Rule,
    is_desk,
    load_for,
    member_of,
    public,
    require_role,
    rule_of,
    secretariat,
    signed_in,
)  # fmt: skip
from tests.factories import make_membership, make_offer, make_organisation, make_user
from tests.marketplace.accounts.people import make_person, sign_in


@pytest.fixture
def people(session):
    organisation = make_organisation(session)
    found = {role: make_user(session) for role in MemberRole}
    for role, person in found.items():
        make_membership(session, person, organisation, role)
    stranger = make_user(session)
    make_membership(session, stranger, make_organisation(session))
    return organisation, found, stranger


def test_members_reach_what_their_organisation_owns(session, people):
    organisation, members, _ = people
    offer = make_offer(session, organisation)
    assert load_for(session, members[MemberRole.EDITOR], Offer, offer.id) is offer
    assert load_for(session, members[MemberRole.OWNER], Organisation, organisation.slug) is organisation


def test_to_strangers_it_does_not_exist(session, people):
    organisation, _, stranger = people
    offer = make_offer(session, organisation)
    with pytest.raises(NotFound):
        load_for(session, stranger, Offer, offer.id)
    with pytest.raises(NotFound):
        load_for(session, stranger, Offer, offer.id + 10**6)


@pytest.mark.parametrize(
    "role, needed, allowed",
    [
        (role, needed, list(MemberRole).index(role) <= list(MemberRole).index(needed))
        for role in MemberRole  # owner, editor, member
        for needed in MemberRole
    ],
)
def test_a_role_allows_what_lower_ones_do(session, people, role, needed, allowed):
    organisation, members, _ = people
    if allowed:
        require_role(session, members[role], organisation.id, at_least=needed)
    else:
        with pytest.raises(NotAllowed):
            require_role(session, members[role], organisation.id, at_least=needed)


@pytest.mark.parametrize("status", [Status.APPLICANT, Status.SUSPENDED])
def test_members_of_an_organisation_that_does_not_stand_are_told_so(session, people, status):
    organisation, members, stranger = people
    organisation.status = status
    owner = members[MemberRole.OWNER]
    with pytest.raises(Conflict) as refusal:
        require_role(session, owner, organisation.id)
    assert refusal.value.code == "organisation_not_active"
    require_role(session, owner, organisation.id, active=False)
    with pytest.raises(NotFound):
        require_role(session, stranger, organisation.id, active=False)


def test_what_belongs_to_no_organisation_belongs_to_no_member(session):
    with pytest.raises(NotFound):
        require_role(session, make_user(session), None)


def test_the_desk_has_a_duty_for_the_district(session):
    assert is_desk(make_user(session, duties=("secretariat",)))
    assert not is_desk(make_user(session))


@pytest.fixture
def guarded(make_fresh_app):
    app = make_fresh_app()
    for path, view in {
        "/open": public(lambda: "open"),
        "/own": signed_in(lambda: "own"),
        "/desk": secretariat(lambda: "desk"),
        "/of/<slug>": member_of(Organisation, "slug")(lambda organisation: organisation.slug),
        "/bare": lambda: "bare",
    }.items():
        app.add_url_rule(path, endpoint=path, view_func=view)
    return app


def test_a_view_states_its_rule(guarded):
    rules = {path: rule_of(guarded, path) for path in ("/open", "/own", "/desk", "/of/<slug>", "/bare")}
    assert rules == {
        "/open": Rule.PUBLIC,
        "/own": Rule.SIGNED_IN,
        "/desk": Rule.SECRETARIAT,
        "/of/<slug>": Rule.EDITOR,
        "/bare": None,
    }


def test_a_rule_is_kept(guarded):
    with guarded.app_context():
        member, stranger = make_person(db.session), make_person(db.session)
        desk = make_person(db.session, duties=("secretariat",))
        organisation = make_organisation(db.session)
        make_membership(db.session, member, organisation, MemberRole.EDITOR)
        db.session.commit()
        paths = ["/open", "/own", "/desk", f"/of/{organisation.slug}"]
        emails = {"member": member.email, "stranger": stranger.email, "desk": desk.email}

    def answers(email=None):
        client = guarded.test_client()
        if email:
            sign_in(client, email)
        return [client.get(path).status_code for path in paths]

    assert answers() == [200, 302, 302, 302]
    assert answers(emails["member"]) == [200, 200, 404, 200]
    assert answers(emails["stranger"]) == [200, 200, 404, 404]
    assert answers(emails["desk"]) == [200, 200, 200, 404]


def test_a_role_taken_away_is_gone_on_the_next_request(guarded):
    with guarded.app_context():
        person, organisation = make_person(db.session), make_organisation(db.session)
        membership = make_membership(db.session, person, organisation)
        db.session.commit()
        client = guarded.test_client()
        sign_in(client, person.email)
        path = f"/of/{organisation.slug}"
        assert client.get(path).status_code == 200
        db.session.delete(membership)
        assert client.get(path).status_code == 404


def test_without_a_session_a_page_leads_to_the_sign_in_and_a_program_is_told(client):
    page = client.get("/account?x=1")
    assert (page.status_code, page.headers["Location"]) == (302, "/login?next=/account?x%3D1")
    program = client.get("/account", headers={"Accept": "application/json"})
    assert (program.status_code, program.json["error"]["code"]) == (401, "not_signed_in")
