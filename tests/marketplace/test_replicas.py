"""Who reads from a replica, and what happens while it does not answer. With real servers: tests/ordeal."""

import time

import pytest
import sqlalchemy as sa
from flask import session
from sqlalchemy.exc import OperationalError

from marketplace.replicas import LOOK_EVERY_S, OWN_WRITES_S, Replica, reads_anywhere
from marketplace.request_cycle import SAFE_METHODS, WRITING_PAGES


def may_read_anywhere() -> bool:
    return reads_anywhere(SAFE_METHODS, WRITING_PAGES)


def test_a_stranger_reads_anywhere_and_whoever_writes_does_not(app):
    with app.test_request_context("/search"):
        assert may_read_anywhere()
    with app.test_request_context("/login", method="POST"):
        assert not may_read_anywhere()
    with app.test_request_context("/confirm/abc"):
        assert not may_read_anywhere()


def test_who_is_signed_in_reads_the_primary(app):
    with app.test_request_context("/search"):
        session["_user_id"] = "somebody"
        assert not may_read_anywhere()


@pytest.mark.parametrize("ago, anywhere", [(0, False), (OWN_WRITES_S - 1, False), (OWN_WRITES_S + 1, True)])
def test_who_has_just_written_sees_it(app, ago, anywhere):
    with app.test_request_context("/search"):
        session["wrote_at"] = time.time() - ago
        assert may_read_anywhere() is anywhere


class Engine:
    """Answers with a lag, or not at all."""

    def __init__(self):
        self.lag: float | None = 0.0
        self.asked = 0

    def connect(self):
        self.asked += 1
        if self.lag is None:
            raise OperationalError("SELECT", {}, ConnectionError())
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def scalar(self, statement: sa.TextClause) -> float:
        return self.lag


def test_a_replica_is_left_aside_while_it_is_away_or_behind_and_taken_back():
    now = [100.0]
    engine = Engine()
    replica = Replica(engine, clock=lambda: now[0])
    assert replica.engine is engine
    for lag, expected in ((None, None), (3.0, engine), (60.0, None), (0.0, engine)):
        engine.lag = lag
        now[0] += LOOK_EVERY_S
        assert replica.engine is expected


def test_it_is_asked_how_it_is_only_now_and_then():
    now = [100.0]
    engine = Engine()
    replica = Replica(engine, clock=lambda: now[0])
    for _ in range(10):
        now[0] += LOOK_EVERY_S / 100
        assert replica.engine is engine
    assert engine.asked == 1


def test_after_it_failed_a_request_nobody_else_is_sent_there_until_the_next_look():
    now = [100.0]
    engine = Engine()
    replica = Replica(engine, clock=lambda: now[0])
    assert replica.engine is engine
    replica.leave_aside()
    assert replica.engine is None
    now[0] += LOOK_EVERY_S
    assert replica.engine is engine
