"""Processes that start together, end or are killed, on both databases (ordeals 7, 14, 45)."""

import os
import random
import signal
import sqlite3
import threading
import time
import urllib.error
from contextlib import closing

import pytest
import sqlalchemy as sa

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.engines import index_engine
from marketplace.organisations.models import Organisation, Status
from marketplace.organisations.standing import set_standing
from marketplace.outbox import OutboxEntry
from tests.ordeal.house import START_S, eventually, publish


@pytest.fixture
def served(house):
    house.serve()
    return house


def outbox_is_empty(app):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) == 0


def test_all_that_start_together_on_an_empty_folder_serve(house):
    house.start_web()
    for _ in range(3):
        house.start_worker()
    eventually(lambda: house.status() == "ok", "it never served", START_S)
    assert "Traceback" not in house.log()
    assert len({house.get("/healthz")["status"] for _ in range(10)}) == 1


def test_what_is_published_is_found_and_what_is_suspended_is_not(served):
    app = served.app()
    publish(app, "Stracchino ordalico")
    eventually(lambda: served.search("stracchino")["total"] == 1, "it was never found", 10)
    with app.app_context(), writing():
        slug = db.session.scalar(sa.select(Organisation.slug))
        set_standing(db.session, slug, Status.SUSPENDED, now=utc_now())
    eventually(lambda: served.search("stracchino")["total"] == 0, "it stayed", 10)


def test_a_worker_killed_again_and_again_loses_nothing(served, node):
    app = served.app()
    ids, dice = set(), random.Random(45)
    for round_number in range(12):
        for number in range(8):
            ids.add(publish(app, f"Offerta {round_number} {number}"))
        time.sleep(dice.random() * 0.4)
        served.kill(served.worker)
        served.worker = served.start_worker()
        if round_number % 3 == 0:
            time.sleep(dice.random() * 4)
    eventually(lambda: outbox_is_empty(app), "the outbox never drained")
    with app.app_context():
        assert index_engine().counts() == (len(ids), len(ids))
    assert served.search("offerta")["total"] == len(ids)
    if node is None:
        with closing(sqlite3.connect(served.instance / "incontro.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_is_hidden_while_no_worker_works_is_not_shown_and_leaves_the_index_after(served):
    app = served.app()
    gone = publish(app, "Stracchino ordalico")
    publish(app, "Stracchino che resta")
    eventually(lambda: served.search("stracchino")["total"] == 2, "it was never found")
    served.kill(served.worker)
    with app.app_context(), writing():
        slug = db.session.scalar(sa.select(Organisation.slug).where(Organisation.id == gone))
        set_standing(db.session, slug, Status.SUSPENDED, now=utc_now())
    late = publish(app, "Taleggio ordalico")
    for _ in range(5):
        titles = [hit["title"] for hit in served.search("stracchino")["items"]]
        assert titles == ["Stracchino che resta"]
    served.worker = served.start_worker()
    eventually(lambda: outbox_is_empty(app), "the outbox never drained")
    assert served.search("stracchino")["total"] == 1
    assert served.search("taleggio")["total"] == 1
    with app.app_context():
        assert index_engine().counts() == (2, 2)
    assert late


def test_everything_killed_at_once_comes_back(served):
    app = served.app()
    for number in range(20):
        publish(app, f"Offerta {number}")
    for process in list(served._processes):
        served.kill(process)
    for number in range(20, 25):
        publish(app, f"Offerta {number}")
    served.start_web()
    served.worker = served.start_worker()
    eventually(lambda: served.status() == "ok" and outbox_is_empty(app), "it never came back")
    assert served.search("offerta")["total"] == 25


def test_a_second_worker_takes_over(served):
    app = served.app()
    served.start_worker()
    served.kill(served.worker)
    publish(app, "Stracchino ordalico")
    eventually(lambda: served.search("stracchino")["total"] == 1, "nobody took over")


def test_requests_in_flight_are_answered_before_the_end(served):
    web = served._processes[0]
    publish(served.app(), "Stracchino ordalico")
    statuses, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            try:
                served.search("stracchino")
                statuses.append("answered")
            except urllib.error.HTTPError as error:
                statuses.append(f"error {error.code}")
            except (urllib.error.URLError, ConnectionError):
                statuses.append("refused")
                return

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    time.sleep(1)
    web.send_signal(signal.SIGTERM)
    for asker in askers:
        asker.join(30)
    stop.set()
    web.wait(30)
    assert web.returncode == 0
    assert statuses.count("answered") > 4
    assert not [status for status in statuses if status.startswith("error")]


def test_the_demonstration_ends_cleanly_and_leaves_nobody_behind(house):
    demo = house.start("flask", "--app", "wsgi", "demo")
    eventually(lambda: house.status() == "ok", "it never served", 120)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(30) == 0
    assert house.status() is None
    demo = house.start("flask", "--app", "wsgi", "demo")
    eventually(lambda: house.status() == "ok", "it never served again")
    os.kill(demo.pid, signal.SIGKILL)
    eventually(lambda: house.status() is None, "the children outlived their parent")
