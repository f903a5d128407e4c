"""Saved searches: kept, told of once, let go."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace import index_upkeep
from marketplace.accounts.operations import erase_account
from marketplace.engines import index_engine
from marketplace.errors import Invalid, NotFound
from marketplace.index_upkeep import drain_suppliers, rebuild
from marketplace.matches.models import Frequency
from marketplace.notices.models import SavedSearch, SearchNews
from marketplace.notices.news_round import tell_of_offers
from marketplace.notices.search_operations import own_search, save_search
from marketplace.outbox import OutboxEntry, Topic, announce_supplier
from tests.factories import NOW, make_claim, make_offer, make_organisation, make_user
from tests.support.mails import mails
from tests.support.people import browser_of

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def person(session):
    return make_user(session)


def keep(session, person, query, frequency=Frequency.AT_ONCE, now=NOW) -> SavedSearch:
    return save_search(session, person, name="Prova", query=query, frequency=frequency, now=now)


def indexed(session, supplier, now=LATER):
    """As if the index round had taken in what was announced."""
    announce_supplier(session, supplier.id, now)
    session.flush()
    ids = session.scalars(sa.select(OutboxEntry.id).where(OutboxEntry.topic == Topic.SUPPLIER)).all()
    index_upkeep._forget(session, ids)


def test_a_new_offer_is_told_of_once(session, person):
    keep(session, person, {"q": "formaggella"})
    offer = make_offer(session, make_organisation(session), title="Formaggella", updated_at=LATER)
    indexed(session, session.get_one(type(offer.organisation), offer.organisation_id))
    assert tell_of_offers(session, LATER) == 1
    indexed(session, offer.organisation)
    tell_of_offers(session, LATER + timedelta(hours=2))
    (mail,) = mails(session)
    assert f"/offers/{offer.id}" in mail["text"]
    assert "/unsubscribe/" in mail["unsubscribe"]
    assert session.scalar(sa.select(sa.func.count()).where(OutboxEntry.topic == Topic.NEWS)) == 0


def test_what_was_there_before_and_has_not_changed_is_no_news(session, person):
    offer = make_offer(session, make_organisation(session), title="Formaggella", updated_at=NOW)
    keep(session, person, {"q": "formaggella"})
    indexed(session, offer.organisation)
    assert tell_of_offers(session, LATER) == 0


def test_an_old_offer_that_newly_holds_a_criterion_is_news(session, person):
    offer = make_offer(session, make_organisation(session), title="Formaggella", updated_at=NOW)
    keep(session, person, {"criteria": ["organic"]}, now=NOW)
    make_claim(session, offer.organisation, verified_at=LATER)
    indexed(session, offer.organisation)
    assert tell_of_offers(session, LATER) == 1


def test_news_wait_for_the_digest(session, person):
    search = keep(session, person, {"q": "formaggella"}, Frequency.DAILY)
    search.last_sent_at = NOW
    offer = make_offer(session, make_organisation(session), title="Formaggella", updated_at=LATER)
    indexed(session, offer.organisation)
    assert tell_of_offers(session, LATER) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(SearchNews)) == 1
    assert tell_of_offers(session, LATER + timedelta(days=1)) == 1


def test_nothing_is_handed_on_where_nobody_keeps_a_search(session):
    indexed(session, make_organisation(session))
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) == 0


def test_the_index_round_and_the_news_do_not_wait_for_each_other(fresh_app):
    with fresh_app.app_context():
        from marketplace.db import db, writing

        rebuild(db.session, index_engine())
        with writing():
            keep(db.session, make_user(db.session), {"category": ["food"]})
            offer = make_offer(db.session, make_organisation(db.session), updated_at=LATER)
            announce_supplier(db.session, offer.organisation_id, LATER)
            db.session.commit()
        assert drain_suppliers(db.session, index_engine(), LATER) == 1
        assert drain_suppliers(db.session, index_engine(), LATER) == 0
        assert tell_of_offers(db.session, LATER) == 1


def test_a_search_for_everything_is_not_kept(session, person):
    with pytest.raises(Invalid):
        keep(session, person, {"kind": ["producer"]})


def test_the_same_search_is_kept_once(session, person):
    assert keep(session, person, {"q": "miele"}).id == keep(session, person, {"q": "miele"}).id


def test_others_never_see_what_somebody_keeps(session, person):
    search = keep(session, person, {"q": "miele"})
    with pytest.raises(NotFound):
        own_search(session, make_user(session), search.id)


def test_they_go_with_their_person(session, person):
    keep(session, person, {"q": "miele"})
    erase_account(session, person, LATER)
    assert session.scalar(sa.select(sa.func.count()).select_from(SavedSearch)) == 0


def test_a_search_is_saved_from_its_results(app, session, person):
    session.commit()
    browser = browser_of(app, person)
    results = browser.get("/search?q=miele&near=Bergamo&radius_km=15&page=2")
    assert "/notices/new?q=miele&amp;near=Bergamo&amp;radius_km=15" in results.text
    address = "/notices/new?q=miele&near=Bergamo&radius_km=15&evil=1"
    assert browser.get(address).status_code == 200
    answer = browser.post(
        address, data={"name": "Miele vicino", "frequency": "weekly", "radius_km": "20", "delivered": "y"}
    )
    assert answer.status_code == 302
    (search,) = session.scalars(sa.select(SavedSearch))
    assert search.query["q"] == "miele"
    assert search.query["radius_km"] == 20
    assert search.query["comune"] == "016024"
    assert "evil" not in search.query
    page = browser.get("/notices").text
    assert "Miele vicino" in page
    assert "radius_km=20" in page
    browser.post(f"/notices/{search.id}/remove")
    assert "Miele vicino" not in browser.get("/notices").text
