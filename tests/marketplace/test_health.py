"""``/healthz``: can it serve, and how well."""

import os
import time
from pathlib import Path

import pytest

from marketplace import create_app
from marketplace.db import db
from marketplace.engines import index_engine
from marketplace.index_upkeep import rebuild
from marketplace.worker import HEARTBEAT
from tests.conftest import app_config


@pytest.fixture
def healthy(fresh_app):
    with fresh_app.app_context():
        rebuild(db.session, index_engine())
    Path(fresh_app.instance_path, HEARTBEAT).touch()
    return fresh_app


def test_all_is_well(healthy):
    answer = healthy.test_client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert answer.json["database"] == {"ok": True}
    assert answer.json["index"] == {"ok": True, "suppliers": 0, "offers": 0}
    assert answer.json["worker"]["ok"]
    assert answer.json["worker"]["age_s"] < 30
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_an_index_it_serves_and_says_so(fresh_app):
    answer = fresh_app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["index"] == {"ok": False}
    assert answer.json["worker"] == {"ok": False, "age_s": None}


def test_a_worker_that_has_gone_silent_is_missed(healthy):
    long_ago = time.time() - 3600
    os.utime(Path(healthy.instance_path, HEARTBEAT), (long_ago, long_ago))
    answer = healthy.test_client().get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["worker"]["age_s"] >= 3600


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "sqlite:///{folder}/empty.db"])
def test_without_its_tables_it_cannot_serve(tmp_path, url):
    app = create_app(app_config(url.format(folder=tmp_path), tmp_path))
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (503, "down")
