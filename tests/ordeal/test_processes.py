"""Processes that start together, are killed, or lose the index under their feet (ordeals 7, 14, 44, 45)."""

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
import urllib.error

import pytest
import sqlalchemy as sa

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.engines import index_engine
from marketplace.organisations.models import Organisation, Status
from marketplace.organisations.standing import set_standing
from marketplace.outbox import OutboxEntry
from search.engine import EngineUnavailable
from tests.ordeal.house import House, eventually, publish


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def served(house):
    house.start_web()
    house.worker = house.start_worker()
    eventually(lambda: house.status() == "ok", "it never served")
    return house


def outbox_is_empty(app):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) == 0


def test_all_that_start_together_on_an_empty_folder_serve(house):
    house.start_web()
    for _ in range(3):
        house.start_worker()
    eventually(lambda: house.status() == "ok", "it never served")
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


def test_an_index_that_is_deleted_while_serving_is_served_for_and_mended(served):
    app = served.app()
    publish(app, "Stracchino ordalico")
    eventually(lambda: served.search("stracchino")["total"] == 1, "it was never found")
    for _ in range(3):
        shutil.rmtree(served.instance / "index")
        answers = [served.search("stracchino") for _ in range(5)]
        assert {answer["total"] for answer in answers} == {1}
        eventually(lambda: served.search("stracchino")["degraded"] is False, "it was never mended")
    assert served.search("stracchino")["total"] == 1


def damaged(path, how):
    if how == "emptied":
        path.write_bytes(b"")
    elif how == "cut":
        os.truncate(path, path.stat().st_size // 2)
    else:
        content = bytearray(path.read_bytes())
        for place in random.Random(7).sample(range(len(content)), min(12, len(content))):
            content[place] ^= 0xFF
        path.write_bytes(content)


@pytest.mark.parametrize("how", ["emptied", "cut", "flipped"])
def test_a_damaged_file_of_the_index_is_served_for_and_mended(served, how):
    app = served.app()
    publish(app, "Stracchino ordalico")
    eventually(lambda: served.search("stracchino")["total"] == 1, "it was never found")
    for path in sorted((served.instance / "index").rglob("*")):
        if path.is_file() and path.exists() and path.stat().st_size and "LOCK" not in path.name:
            damaged(path, how)
            assert served.search("stracchino")["total"] == 1, path.name
    eventually(lambda: served.search("stracchino")["degraded"] is False, "it was never mended")
    assert served.status() in {"ok", "degraded"}
    eventually(lambda: served.status() == "ok", "it was never well again")


def test_a_worker_killed_again_and_again_loses_nothing(served):
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
    with sqlite3.connect(served.instance / "incontro.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


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


def test_an_index_folder_that_may_not_be_written_does_not_stop_the_search(served):
    app = served.app()
    publish(app, "Stracchino ordalico")
    eventually(lambda: served.search("stracchino")["total"] == 1, "it was never found")
    shutil.rmtree(served.instance / "index")
    # root writes everywhere, so a file stands where the folder should be
    (served.instance / "index").write_text("in the way")
    try:
        assert served.search("stracchino") == served.search("stracchino")
        assert served.search("stracchino")["degraded"]
        with app.app_context(), pytest.raises((EngineUnavailable, OSError)):
            index_engine().counts()
    finally:
        (served.instance / "index").unlink()
    eventually(lambda: served.search("stracchino")["degraded"] is False, "it was never mended")
