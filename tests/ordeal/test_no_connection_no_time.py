"""The database has no connection left, or takes too long: told in words, and over when it is over."""

import time
from contextlib import suppress

import psycopg
import pytest

from marketplace.config import POOL_TIMEOUT_S
from marketplace.db import db
from tests.ordeal.house import START_S, eventually
from tests.ordeal.visitors import Visitor

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def url(server):
    return server.server.create_database("incontro")


def test_a_server_without_free_connections_is_told_and_recovered_from(server, url, make_house):
    machine = make_house(DATABASE_URL=url)
    web = machine.serve()
    visitor = Visitor(machine.address)
    assert visitor.get("/").status == 200
    held = []
    with suppress(psycopg.OperationalError):
        while True:
            held.append(server.server.connect("postgres"))
    # what the web processes keep is ended, so that they must ask for new ones
    held[0].execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'incontro'")
    with suppress(psycopg.OperationalError):
        while True:
            held.append(server.server.connect("postgres"))
    for _ in range(3):
        answer = visitor.get("/search?q=pane")
        assert answer.status == 503
        assert "Riprova" in answer.text
    for connection in held:
        connection.close()
    eventually(lambda: visitor.get("/search?q=pane").status == 200, "it never recovered", 30)
    eventually(lambda: machine.status() == "ok", "the worker never came back")
    assert "too many clients" in machine.log()
    assert web.poll() is None
    assert machine.worker.poll() is None


def test_a_pool_that_is_used_up_is_told_and_recovered_from(server, url, make_house):
    machine = make_house(DATABASE_URL=url, DATABASE_POOL="1")
    machine.start_web()
    eventually(lambda: machine.status() is not None, "it never served", START_S)
    app = machine.app()
    assert app.test_client().get("/").status_code == 200
    with app.app_context():
        held = [db.engine.connect() for _ in range(2)]
    began = time.monotonic()
    assert app.test_client().get("/").status_code == 503
    assert time.monotonic() - began < POOL_TIMEOUT_S * 2
    for connection in held:
        connection.close()
    assert app.test_client().get("/").status_code == 200


def test_a_statement_that_takes_too_long_is_ended_and_told(server, url, make_house):
    machine = make_house(DATABASE_URL=url, STATEMENT_TIMEOUT_S="1")
    machine.start_web()
    visitor = Visitor(machine.address)
    eventually(lambda: machine.status() is not None, "it never served", START_S)
    with server.server.connect("incontro") as other:
        with other.transaction():
            other.execute("LOCK TABLE organisation IN ACCESS EXCLUSIVE MODE")
            began = time.monotonic()
            answer = visitor.get("/organisations/nobody")
            assert time.monotonic() - began < 10
            assert answer.status == 503
            assert "Riprova" in answer.text
        assert visitor.get("/organisations/nobody").status == 404
    assert "statement timeout" in machine.log()
