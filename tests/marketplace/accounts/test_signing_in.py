"""Signing in and out; sessions that end when they ought to."""

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from tests.marketplace.accounts.people import PASSWORD, is_signed_in, make_person, sign_in
from tests.marketplace.accounts.test_registering import link_in, mails


@pytest.fixture
def person(session):
    return make_person(session)


def test_the_right_password_signs_in(client, person, session):
    assert sign_in(client, person.email).status_code == 302
    assert is_signed_in(client)
    assert session.scalars(sa.select(AuditEvent.verb)).all() == ["signed_in"]


def test_the_address_may_be_written_in_capitals(client, person):
    sign_in(client, person.email.upper())
    assert is_signed_in(client)


@pytest.mark.parametrize("inactive", [{"active": False}, {"confirmed_at": None}, {"password": None}])
def test_some_do_not_get_in(client, session, inactive):
    sign_in(client, make_person(session, **inactive).email)
    assert not is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_look_the_same(client, person):
    answers = [
        sign_in(client, person.email, "not the password"),
        sign_in(client, "nobody@example.org", "not the password"),
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].text.replace(person.email, "") == answers[1].text.replace("nobody@example.org", "")


def test_a_reset_is_answered_the_same_to_known_and_unknown(client, person, session):
    answers = [
        client.post("/reset", data={"email": email}, follow_redirects=True)
        for email in (person.email, "nobody@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].text.replace(person.email, "") == answers[1].text.replace("nobody@example.org", "")
    assert [mail["to"] for mail in mails(session)] == [person.email]


def test_a_copied_cookie_dies_with_the_session(app, client, person):
    sign_in(client, person.email)
    copied = client.get_cookie("incontro").value
    client.post("/logout")
    thief = app.test_client()
    thief.set_cookie("incontro", copied)
    assert thief.get("/account").status_code == 302
    assert thief.get("/account", headers={"Accept": "application/json"}).status_code == 401


def test_signing_out_ends_the_cookie_that_remembers_too(app, client, person):
    client.post("/login", data={"email": person.email, "password": PASSWORD, "remember": "y"})
    copied = client.get_cookie("remember_token").value
    client.post("/logout")
    thief = app.test_client()
    thief.set_cookie("remember_token", copied)
    assert not is_signed_in(thief)


def test_signing_out_by_a_mere_link_does_not_work(client, person):
    sign_in(client, person.email)
    assert client.get("/logout").status_code == 405
    assert is_signed_in(client)


def test_a_new_password_ends_every_other_session(app, client, person):
    elsewhere = app.test_client()
    sign_in(elsewhere, person.email)
    sign_in(client, person.email)
    new = "altre quattro parole messe"
    answer = client.post(
        "/change", data={"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    )
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(app, client, person, session):
    elsewhere = app.test_client()
    sign_in(elsewhere, person.email)
    client.post("/reset", data={"email": person.email})
    path = link_in(mails(session)[0], "/reset")
    new = "altre quattro parole messe"
    assert client.get(path).status_code == 200
    client.post(path, data={"password": new, "password_confirm": new})
    assert not is_signed_in(elsewhere)
    sign_in(client, person.email, new)
    assert is_signed_in(client)
    client.post("/logout")
    client.post(path, data={"password": PASSWORD, "password_confirm": PASSWORD})
    sign_in(client, person.email, PASSWORD)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_after_signing_in_nobody_is_sent_to_another_host(client, person, target):
    answer = sign_in(client, person.email, query_string={"next": target})
    location = answer.headers.get("Location", "")
    assert urlsplit(location)[:2] == ("", "")
    assert not location.startswith(("//", "/\\"))


def test_after_signing_in_people_go_on_where_they_were(client, person):
    assert sign_in(client, person.email, query_string={"next": "/account"}).headers["Location"] == "/account"


@pytest.mark.parametrize("body", ["[]", "5", '{"email": {"a": 1}, "password": ["x"]}', "{"])
def test_a_program_may_not_sign_in_by_json(client, body):
    answer = client.post("/login", data=body, content_type="application/json")
    assert answer.status_code == 415
    assert answer.json["error"]["code"] == "unsupported_media_type"


def test_a_session_made_with_another_secret_is_nobodys(client, person):
    client.set_cookie("incontro", "eyJfdXNlcl9pZCI6IjEifQ.Z0AAAA.forged")
    assert not is_signed_in(client)


def test_who_is_shut_out_is_out_on_the_next_request(client, person, session):
    sign_in(client, person.email)
    assert is_signed_in(client)
    person.active = False
    session.commit()
    assert not is_signed_in(client)


def test_a_confirmation_is_asked_for_again_without_telling_who_is_known(client, person, session):
    waiting = make_person(session, confirmed_at=None)
    emails = (person.email, waiting.email, "nobody@example.org")
    answers = [client.post("/confirm", data={"email": email}) for email in emails]
    texts = {answer.text.replace(email, "EMAIL") for answer, email in zip(answers, emails, strict=True)}
    assert len(texts) == 1
    assert [mail["to"] for mail in mails(session)] == [waiting.email]


@pytest.mark.parametrize(
    "path, data",
    [
        ("/login", {"email": "nobody@example.org", "password": "x"}),
        ("/register", {"email": "x", "password": "short", "name": ""}),
        ("/reset", {"email": ""}),
        ("/login/link", {"email": ""}),
    ],
)
def test_what_is_wrong_is_said_in_italian(client, path, data):
    text = client.post(path, data=data).text
    english = ("is required", "Invalid", "must be", "not provided", "failed", "Please")
    assert not [word for word in english if word in text]
