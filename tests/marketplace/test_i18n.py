"""Which language is spoken to whom."""

import pytest

from marketplace.i18n import choose_language, current_language, speaking
from tests.marketplace.accounts.people import make_person, sign_in


@pytest.mark.parametrize(
    "query, cookie, accepted, expected",
    [
        ("", None, None, "it"),
        ("", None, "fr,de;q=0.5", "it"),
        ("", None, "en-GB,en;q=0.9", "en"),
        ("", None, "it;q=0.3,en;q=0.9", "en"),
        ("", "it", "en", "it"),
        ("?lang=en", "it", "it", "en"),
        ("?lang=xx", "en", "it", "en"),
        ("?lang=it", "../../etc", "en", "it"),
    ],
)
def test_asked_for_remembered_accepted_else_italian(app, query, cookie, accepted, expected):
    headers = {"Accept-Language": accepted} if accepted else {}
    if cookie:
        headers["Cookie"] = f"lang={cookie}"
    with app.test_request_context(f"/{query}", headers=headers):
        assert choose_language() == expected


def test_an_account_has_its_language_on_public_pages_too(client, session):
    person = make_person(session, locale="en")
    assert 'lang="it"' in client.get("/login").text
    sign_in(client, person.email)
    answer = client.get("/nowhere")
    assert 'lang="en"' in answer.text
    assert answer.headers["Content-Language"] == "en"


def test_who_is_written_to_is_spoken_to_in_their_language(app):
    with app.test_request_context("/?lang=it"):
        with speaking("en"):
            assert current_language() == "en"
        assert current_language() == "it"
        with speaking("xx"):
            assert current_language() == "it"
