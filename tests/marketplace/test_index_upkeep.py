"""The index follows the database, whatever happens in between."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.engines import index_engine, search_engine
from marketplace.index_upkeep import BATCH, drain_suppliers, index_lock, rebuild, rebuild_wanted
from marketplace.organisations.models import Status
from marketplace.outbox import OutboxEntry, announce_supplier, request_rebuild
from search.engine import SharedEngine
from search.queries import SearchQuery
from tests.factories import make_offer, make_organisation
from tests.support.lost_index import lose_index


@pytest.fixture
def house(fresh_app):
    """A context of an application with an empty index."""
    with fresh_app.app_context():
        rebuild(db.session, index_engine())
        yield


def publish(title="Formaggella di prova", **organisation):
    with writing():
        owner = make_organisation(db.session, **organisation)
        make_offer(db.session, owner, title=title)
        announce_supplier(db.session, owner.id, utc_now())
        db.session.commit()
        return owner


def found(text="formaggella"):
    return search_engine().search(SearchQuery(text=text), utc_now()).total


def waiting():
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry))


def drain():
    return drain_suppliers(db.session, index_engine(), utc_now())


def test_what_is_published_is_found_once_the_outbox_is_drained(house):
    publish()
    assert found() == 0
    assert drain() == 1
    assert found() == 1
    assert waiting() == 0
    assert drain() == 0


def test_an_organisation_that_is_announced_many_times_is_indexed_once(house):
    owner = publish()
    with writing():
        for _ in range(20):
            announce_supplier(db.session, owner.id, utc_now())
        db.session.commit()
    assert drain() == 21
    assert index_engine().counts() == (1, 1)


def test_more_than_a_batch_takes_more_than_one_round(house):
    owner = publish()
    with writing():
        for _ in range(BATCH):
            announce_supplier(db.session, owner.id, utc_now())
        db.session.commit()
    assert [drain(), drain(), drain()] == [BATCH, 1, 0]


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.APPLICANT])
def test_who_is_not_active_is_taken_out(house, status):
    owner = publish()
    drain()
    with writing():
        db.session.refresh(owner)
        owner.status = status
        announce_supplier(db.session, owner.id, utc_now())
        db.session.commit()
    drain()
    assert found() == 0
    assert index_engine().counts() == (0, 0)


def test_an_end_between_indexing_and_forgetting_repeats_and_loses_nothing(house, monkeypatch):
    publish()

    def die(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("marketplace.index_upkeep._strike_off", die)
        with pytest.raises(KeyboardInterrupt):
            drain()
    db.session.rollback()
    assert waiting() == 1
    # an index in the same database has taken nothing of it; one beside it has, and takes it again
    assert index_engine().counts() == ((0, 0) if isinstance(index_engine(), SharedEngine) else (1, 1))
    assert drain() == 1
    assert index_engine().counts() == (1, 1)


def test_a_rebuild_holds_all_and_forgets_what_it_made_needless(house):
    for number in range(3):
        publish(f"Formaggella {number}")
    with writing():
        request_rebuild(db.session, utc_now())
        db.session.commit()
    assert rebuild_wanted(db.session, utc_now())
    assert rebuild(db.session, index_engine()) == 3
    assert waiting() == 0
    assert not rebuild_wanted(db.session, utc_now())
    assert found() == 3


def test_what_is_announced_during_a_rebuild_is_not_forgotten(house, fresh_app):
    publish()

    def meanwhile(documents):
        read = list(documents)
        with fresh_app.app_context():
            publish("Formaggella arrivata dopo")
        return read

    rebuild(db.session, index_engine(), meanwhile)
    assert waiting() == 1
    drain()
    assert found() == 2


def test_entries_for_later_wait(house):
    with writing():
        owner = make_organisation(db.session)
        announce_supplier(db.session, owner.id, utc_now() + timedelta(hours=1))
        db.session.commit()
    assert drain() == 0
    assert waiting() == 1


def test_only_one_writes_the_index(house):
    with index_lock() as first, index_lock(wait=False) as second:
        assert (first, second) == (True, False)


def test_a_deleted_index_is_answered_for_by_the_database_and_asked_to_be_rebuilt(house):
    publish()
    drain()
    lose_index()
    page = search_engine().search(SearchQuery(text="formaggella"), utc_now())
    assert (page.total, page.degraded) == (1, True)
    assert rebuild_wanted(db.session, utc_now())
    rebuild(db.session, index_engine())
    page = search_engine().search(SearchQuery(text="formaggella"), utc_now())
    assert (page.total, page.degraded) == (1, False)
    assert not rebuild_wanted(db.session, utc_now())
