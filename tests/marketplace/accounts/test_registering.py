"""Making an account: name, address, password; the address is confirmed before anything else."""

import re

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from tests.marketplace.accounts.people import PASSWORD, is_signed_in, make_person, sign_in
from tests.support.mails import mails

NEW = {"name": "Ada Nuova", "email": "ada@example.org", "password": PASSWORD}


def link_in(mail, path):
    return re.search(rf"https?://[^/\s]+({path}/\S+)", mail["text"])[1]


def test_a_new_person_confirms_the_address_and_signs_in(client, session):
    assert client.post("/register", data=NEW).status_code == 302
    person = session.scalar(sa.select(User).where(User.email == NEW["email"]))
    assert (person.name, person.locale, person.confirmed_at) == ("Ada Nuova", "it", None)

    sign_in(client, NEW["email"])
    assert not is_signed_in(client)

    (mail,) = mails(session)
    assert mail["to"] == NEW["email"]
    client.get(link_in(mail, "/confirm"))
    sign_in(client, NEW["email"])
    assert is_signed_in(client)


def test_registering_tells_nobody_whether_an_address_is_known(client, session):
    known = make_person(session)
    answers = [
        client.post("/register", data=NEW | {"email": email}, follow_redirects=True)
        for email in (known.email, "nobody@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code
    texts = [re.sub(r"\S+@example\.org", "EMAIL", answer.text) for answer in answers]
    assert texts[0] == texts[1]
    assert [mail["to"] for mail in mails(session)] == [known.email, "nobody@example.org"]
    assert session.scalar(sa.select(sa.func.count()).select_from(User).where(User.email == known.email)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "two\nlines"},
        {"email": "no address"},
        {"email": "two@example.org\nBcc: other@example.org"},
        {"password": "short"},
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_made(client, session, changed):
    answer = client.post("/register", data=NEW | changed)
    assert answer.status_code == 200
    assert "field-error" in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_nobody_makes_themselves_more_than_they_are(client, session):
    extra = {
        "roles": "secretariat",
        "active": "",
        "id": "7",
        "confirmed_at": "2020-01-01",
        "fs_uniquifier": "x",
    }
    client.post("/register", data=NEW | extra)
    person = session.scalar(sa.select(User))
    assert person.roles == []
    assert person.confirmed_at is None
    assert person.fs_uniquifier != "x"


def test_registering_is_in_the_audit_trail(client, session):
    client.post("/register", data=NEW)
    event = session.scalar(sa.select(AuditEvent))
    assert (event.verb, event.subject) == ("registered", "person")
    assert event.actor_id == event.subject_id
    assert NEW["email"] not in str(event.details)


def test_the_language_of_the_page_is_the_persons(client, session):
    client.post("/register?lang=en", data=NEW)
    assert session.scalar(sa.select(User)).locale == "en"


def test_a_link_of_confirmation_that_was_altered_confirms_nobody(client, session):
    client.post("/register", data=NEW)
    (mail,) = mails(session)
    client.get(link_in(mail, "/confirm") + "x")
    assert session.scalar(sa.select(User)).confirmed_at is None
