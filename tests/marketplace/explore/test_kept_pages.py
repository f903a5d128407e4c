"""A page of the search is kept for who is not signed in, and never longer than it is true."""

import pytest
import sqlalchemy as sa
from flask import template_rendered

from marketplace import engines
from marketplace.catalogue.models import Offer
from marketplace.db import db, writing
from marketplace.explore.kept_pages import KeptPages
from marketplace.index_upkeep import rebuild
from tests.factories import make_offer, make_organisation
from tests.marketplace.accounts.people import make_person, sign_in
from tests.support.databases import ON_SQLITE

SEARCH = "/search?q=pane"


@pytest.fixture
def made(fresh_app):
    """How many pages were made, of a district with one offer."""
    with fresh_app.app_context(), writing():
        offer = make_offer(
            db.session, make_organisation(db.session), title="Pane", category="food.bakery.bread"
        )
        db.session.commit()
        rebuild(db.session, engines.index_engine())
        offer_id = offer.id
    pages = []

    def note(_app, **_what):
        pages.append(1)

    template_rendered.connect(note, fresh_app, weak=False)
    return lambda: len(pages), offer_id


def test_what_is_committed_is_seen_at_once(fresh_app, made):
    _count, offer_id = made
    client = fresh_app.test_client()
    assert client.get(SEARCH).data == client.get(SEARCH).data
    for title in ("Pagnotta", "Pane nero"):
        with fresh_app.app_context(), writing():
            db.session.execute(sa.update(Offer).where(Offer.id == offer_id).values(title=title))
            db.session.commit()
        assert title in client.get(SEARCH).text


# on a server of PostgreSQL every transaction ends the kept pages, also those of the tests beside these
@ON_SQLITE
def test_a_page_is_made_once_until_something_is_committed(fresh_app, made):
    count, offer_id = made
    client = fresh_app.test_client()
    first = client.get(SEARCH)
    assert "Pane" in first.text
    assert client.get(SEARCH).data == first.data
    assert count() == 1
    with fresh_app.app_context(), writing():
        db.session.execute(sa.update(Offer).where(Offer.id == offer_id).values(title="Pagnotta"))
        db.session.commit()
    assert "Pagnotta" in client.get(SEARCH).text
    with fresh_app.app_context():
        rebuild(db.session, engines.index_engine())
    client.get(SEARCH)
    assert count() == 3


@ON_SQLITE
def test_each_language_and_address_has_its_own_and_whoever_is_signed_in_none(fresh_app, made):
    count, _offer_id = made
    client = fresh_app.test_client()
    for _ in range(2):
        for address in (SEARCH, SEARCH + "&month=5", "/"):
            for language in ("it", "en"):
                page = client.get(address, headers={"Accept-Language": language})
                assert f'lang="{language}"' in page.text
    assert count() == 6
    with fresh_app.app_context(), writing():
        email = make_person(db.session).email
        db.session.commit()
    sign_in(client, email)
    before = count()
    for _ in range(2):
        assert client.get(SEARCH).headers["Cache-Control"] == "no-store"
    assert count() == before + 2


def test_the_pages_asked_for_last_are_kept_and_only_as_they_were():
    pages = KeptPages(2)
    for key in "abc":
        pages.keep(key, 1, key.encode())
        assert pages.get("a", 1) == b"a"
    assert [pages.get(key, 1) for key in "abc"] == [b"a", None, b"c"]
    assert pages.get("a", 2) is None
