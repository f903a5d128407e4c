"""How often the same may be tried: per account and address, over web processes, forged headers or not."""

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.db import db
from marketplace.limits_storage import LimitedAttempt
from marketplace.organisations.models import MemberRole, Status
from marketplace.outbox import OutboxEntry
from marketplace.rate_limits import LIMITS
from tests.factories import make_membership, make_organisation
from tests.marketplace.accounts.people import PASSWORD, make_person, sign_in


@pytest.fixture
def apps(make_fresh_app):
    """Two web processes of one installation."""
    return [make_fresh_app(RATELIMIT_ENABLED=True) for _ in range(2)]


@pytest.fixture
def email(apps):
    with apps[0].app_context():
        return make_person(db.session).email


def from_address(address):
    return {"environ_base": {"REMOTE_ADDR": address}}


def test_the_eleventh_guess_is_refused_in_every_process_and_the_owner_is_not_locked_out(apps, email):
    clients = [app.test_client() for app in apps]
    statuses = [
        sign_in(clients[number % 2], email, "a guess", **from_address("203.0.113.1")).status_code
        for number in range(12)
    ]
    assert statuses == [200] * 10 + [429] * 2
    # the right password does not help the guesser, a forged header neither, nor another way to write the address
    guesser = clients[0]
    assert sign_in(guesser, email, PASSWORD, **from_address("203.0.113.1")).status_code == 429
    forged = {"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=198.51.100.7", "X-Real-IP": "198.51.100.7"}
    assert sign_in(guesser, email, headers=forged, **from_address("203.0.113.1")).status_code == 429
    assert sign_in(guesser, f" {email.upper()} ", **from_address("203.0.113.1")).status_code == 429
    # who is elsewhere signs in; so does another person at the same address
    assert sign_in(clients[1], email, **from_address("203.0.113.2")).status_code == 302
    with apps[0].app_context():
        neighbour = make_person(db.session).email
    assert sign_in(apps[0].test_client(), neighbour, **from_address("203.0.113.1")).status_code == 302


def test_refusals_are_told_as_pages_and_as_json(apps, email):
    client = apps[0].test_client()
    for _ in range(10):
        sign_in(client, email, "a guess")
    page = sign_in(client, email, "a guess")
    assert page.status_code == 429
    assert page.headers["Retry-After"]
    assert 'lang="it"' in page.text
    program = sign_in(client, email, "a guess", headers={"Accept": "application/json"})
    assert program.json["error"]["code"] == "too_many_requests"


def test_somebody_who_is_signed_in_already_waits_for_nothing(apps, email):
    client = apps[0].test_client()
    sign_in(client, email)
    # counting on a connection of its own must not meet the write lock of the request that is counted
    assert sign_in(client, email).status_code == 302


@pytest.mark.parametrize("path", ["/reset", "/login/link", "/confirm"])
def test_nobodys_letter_box_is_filled(apps, email, path):
    client = apps[0].test_client()
    statuses = [client.post(path, data={"email": email}).status_code for _ in range(7)]
    assert statuses[5:] == [429, 429]
    with apps[0].app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) <= 5


def test_nobody_is_invited_over_and_over(apps, email):
    with apps[0].app_context():
        organisation = make_organisation(db.session, status=Status.APPLICANT)
        person = db.session.scalar(sa.select(User).where(User.email == email))
        make_membership(db.session, person, organisation, MemberRole.OWNER)
        db.session.commit()
        path = f"/organisations/{organisation.slug}/invitations"
    client = apps[0].test_client()
    sign_in(client, email)
    invited = {"email": "victim@example.org", "role": "member"}
    assert [client.post(path, data=invited).status_code for _ in range(6)] == [302] * 5 + [429]


def test_looking_at_a_page_is_never_counted(apps):
    client = apps[0].test_client()
    assert {client.get("/login").status_code for _ in range(30)} == {200}


def test_what_is_counted_names_nobody(apps, email):
    sign_in(apps[0].test_client(), email, "a guess")
    with apps[0].app_context():
        keys = db.session.scalars(sa.select(LimitedAttempt.key)).all()
    assert keys
    assert not any(email in key or "127.0.0.1" in key for key in keys)


def test_every_limited_route_exists(app):
    assert set(LIMITS) <= set(app.view_functions) | {"security.verify"}
