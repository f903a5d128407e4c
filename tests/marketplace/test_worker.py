"""The worker at work, in a thread of its own as it is in a process of its own."""

import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from marketplace import worker
from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.engines import index_engine
from marketplace.locks import Lock, alone
from marketplace.mail import message
from marketplace.outbox import OutboxEntry, announce_supplier, post_mail, request_rebuild
from search.engine import EngineUnavailable
from tests.factories import make_offer, make_organisation
from tests.support.lost_index import lose_index


def eventually(condition, seconds=20):
    """Wait until it holds; how long that may take is no promise of ours, only that it comes."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it never came"
        time.sleep(0.05)


@pytest.fixture
def start():
    stops, threads = [], []

    def begin(app):
        stop = threading.Event()
        thread = threading.Thread(target=worker.run, args=(app,), kwargs={"stop": stop})
        thread.start()
        stops.append(stop)
        threads.append(thread)
        return thread

    yield begin
    for stop in stops:
        stop.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def publish(app):
    with app.app_context(), writing():
        owner = make_organisation(db.session)
        make_offer(db.session, owner)
        announce_supplier(db.session, owner.id, utc_now())
        db.session.commit()


def counts(app):
    with app.app_context():
        try:
            return index_engine().counts()
        except EngineUnavailable:
            return None


def outbox_is_empty(app):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) == 0


def test_a_worker_that_starts_on_nothing_makes_the_index_and_keeps_it(fresh_app, start):
    start(fresh_app)
    eventually(lambda: counts(fresh_app) == (0, 0))
    publish(fresh_app)
    eventually(lambda: counts(fresh_app) == (1, 1))
    eventually(lambda: outbox_is_empty(fresh_app))


def test_what_waited_while_there_was_no_worker_is_done(fresh_app, start):
    publish(fresh_app)
    with fresh_app.app_context(), writing():
        request_rebuild(db.session, utc_now())
        post_mail(db.session, message(to="a@example.org", subject="s", text="t"), utc_now())
        db.session.commit()
    start(fresh_app)
    eventually(lambda: outbox_is_empty(fresh_app))
    assert counts(fresh_app) == (1, 1)
    assert len(list(Path(fresh_app.instance_path, "mail").glob("*.eml"))) == 1


@pytest.mark.parametrize("fresh_database", ["sqlite"], indirect=True)
def test_a_database_that_is_away_for_a_while_does_not_end_the_worker(fresh_app, start, monkeypatch):
    refusals = [OperationalError("SELECT", {}, ConnectionError())] * 3

    def away(*args, **kwargs):
        if refusals:
            raise refusals.pop()
        return alone(*args, **kwargs)

    monkeypatch.setattr(worker, "alone", away)
    monkeypatch.setattr(worker, "STANDBY_POLL_S", 0.01)
    start(fresh_app)
    eventually(lambda: counts(fresh_app) == (0, 0))
    assert not refusals


def test_a_deleted_index_is_noticed_and_mended(fresh_app, start):
    publish(fresh_app)
    start(fresh_app)
    eventually(lambda: counts(fresh_app) == (1, 1))
    with fresh_app.app_context():
        lose_index()
    eventually(lambda: counts(fresh_app) == (1, 1))


def test_the_worker_says_that_it_lives(fresh_app, start):
    def age():
        with fresh_app.app_context():
            return worker.worker_age(Path(fresh_app.instance_path))

    assert age() is None
    start(fresh_app)
    eventually(lambda: age() is not None)
    assert age() < 30


def test_a_second_worker_waits_and_takes_over(make_fresh_app, start):
    app = make_fresh_app()
    with app.app_context(), alone(Lock.WORKER):
        start(app)
        publish(app)
        time.sleep(0.5)
        assert not outbox_is_empty(app)
    eventually(lambda: outbox_is_empty(app))


def test_an_error_is_noted_and_work_goes_on(fresh_app, start, monkeypatch):
    monkeypatch.setattr(worker, "FIRST_PAUSE_S", 0.05)
    fail_once = iter([True])
    real = worker.drain_suppliers

    def sometimes(*args):
        if next(fail_once, False):
            raise RuntimeError("a bug")
        return real(*args)

    monkeypatch.setattr(worker, "drain_suppliers", sometimes)
    start(fresh_app)
    publish(fresh_app)
    eventually(lambda: counts(fresh_app) == (1, 1))


def test_a_mail_server_that_hangs_keeps_nothing_from_being_found(make_fresh_app, start):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = make_fresh_app(
            MAIL_SERVER="127.0.0.1", MAIL_PORT=silent.getsockname()[1], MAIL_USE_TLS=False, MAIL_TIMEOUT=5
        )
        with app.app_context(), writing():
            post_mail(db.session, message(to="a@example.org", subject="s", text="t"), utc_now())
            db.session.commit()
        start(app)
        connection, _ = silent.accept()
        publish(app)
        eventually(lambda: counts(app) == (1, 1), seconds=4.5)
        connection.close()
