"""The link sent by mail: opened without consequence, used once, for a quarter of an hour."""

from datetime import timedelta

import pytest
import time_machine

from marketplace.accounts.sign_in_link import LINK_LIFE
from marketplace.clock import utc_now
from tests.marketplace.accounts.people import PASSWORD, is_signed_in, make_person, sign_in
from tests.marketplace.accounts.test_registering import link_in, mails


@pytest.fixture
def person(session):
    return make_person(session, password=None)


@pytest.fixture
def link(client, person, session):
    client.post("/login/link", data={"email": person.email})
    return link_in(mails(session)[0], "/login/link")


def test_the_link_opens_a_page_and_its_button_signs_in(client, link):
    assert client.get(link).status_code == 200
    assert not is_signed_in(client)
    assert client.post(link).status_code == 302
    assert is_signed_in(client)


def test_the_link_works_once(app, client, link):
    client.post(link)
    another = app.test_client()
    assert another.get(link).status_code == 302
    another.post(link)
    assert not is_signed_in(another)


def test_the_link_grows_old(client, link):
    with time_machine.travel(utc_now() + LINK_LIFE + timedelta(seconds=2)):
        client.post(link)
        assert not is_signed_in(client)


def test_signing_out_ends_links_on_their_way(app, client, person, link, session):
    client.post("/login/link", data={"email": person.email})
    client.post(link_in(mails(session)[1], "/login/link"))
    client.post("/logout")
    client.post(link)
    assert not is_signed_in(client)


@pytest.mark.parametrize("token", ["x", "WyJhIiwwXQ.aaaa.bbbb", "W10.Z0AAAA.xxxx", "%00", "a" * 5000])
def test_a_link_that_is_none_of_ours_leads_to_asking_for_one(client, token):
    answer = client.get(f"/login/link/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/link")


def test_asking_is_answered_the_same_to_known_and_unknown(client, person, session):
    answers = [
        client.post("/login/link", data={"email": email}, follow_redirects=True)
        for email in (person.email, "nobody@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].text.replace(person.email, "") == answers[1].text.replace("nobody@example.org", "")
    assert [mail["to"] for mail in mails(session)] == [person.email]


def test_the_link_confirms_the_address(client, session):
    unconfirmed = make_person(session, confirmed_at=None)
    client.post("/login/link", data={"email": unconfirmed.email})
    client.post(link_in(mails(session)[0], "/login/link"))
    assert is_signed_in(client)
    assert unconfirmed.confirmed_at is not None


def test_a_password_chosen_before_the_address_was_confirmed_is_worth_nothing(app, client, session):
    # anybody can register anybody's address, with a password of their own, and wait
    client.post("/register", data={"name": "Altri", "email": "ada@example.org", "password": PASSWORD})
    client.post("/login/link", data={"email": "ada@example.org"})
    client.post(link_in(mails(session)[-1], "/login/link"))
    assert is_signed_in(client)
    another = app.test_client()
    sign_in(another, "ada@example.org")
    assert not is_signed_in(another)


def test_who_signed_in_by_the_link_chooses_a_password_anew(app, client, session):
    unconfirmed = make_person(session, confirmed_at=None)
    client.post("/login/link", data={"email": unconfirmed.email})
    client.post(link_in(mails(session)[-1], "/login/link"))
    client.get("/change")
    new = {"new_password": PASSWORD + " di nuovo", "new_password_confirm": PASSWORD + " di nuovo"}
    assert client.post("/change", data=new).status_code == 302
    another = app.test_client()
    sign_in(another, unconfirmed.email, PASSWORD + " di nuovo")
    assert is_signed_in(another)


def test_a_confirmed_person_keeps_the_password(app, client, session):
    person = make_person(session)
    client.post("/login/link", data={"email": person.email})
    client.post(link_in(mails(session)[-1], "/login/link"))
    another = app.test_client()
    sign_in(another, person.email)
    assert is_signed_in(another)


def test_who_may_not_sign_in_gets_no_link(client, session):
    client.post("/login/link", data={"email": make_person(session, active=False).email})
    assert mails(session) == []


def test_the_mail_is_in_the_persons_language(client, session):
    english = make_person(session, locale="en")
    client.post("/login/link", data={"email": english.email})
    assert mails(session)[0]["subject"] == "Your link to sign in to Incontro"


def test_a_link_goes_on_where_the_person_was_but_to_no_other_host(client, person, session):
    for number, (target, expected) in enumerate(
        [("/account", "/account"), ("https://evil.example/", "/"), ("//evil.example", "/")]
    ):
        client.post("/login/link", query_string={"next": target}, data={"email": person.email})
        assert client.post(link_in(mails(session)[number], "/login/link")).headers["Location"] == expected
        client.post("/logout")
