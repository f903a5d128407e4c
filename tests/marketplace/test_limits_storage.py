"""Attempts are counted in the database: over processes, and whatever becomes of the request."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
import time_machine
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from marketplace.db import db
from marketplace.limits_storage import LimitedAttempt

THREE = RateLimitItemPerMinute(3)
NOON = "2026-11-21T12:00:00+00:00"


@pytest.fixture
def storage(app_context):
    return storage_from_string("database://")


@pytest.mark.parametrize("strategy", [MovingWindowRateLimiter, FixedWindowRateLimiter])
def test_no_more_attempts_than_the_limit(storage, strategy):
    limiter = strategy(storage)
    assert [limiter.hit(THREE, "ada") for _ in range(5)] == [True, True, True, False, False]
    assert limiter.hit(THREE, "bruno")
    assert limiter.get_window_stats(THREE, "ada").remaining == 0


def test_the_window_moves_with_the_clock(storage):
    limiter = MovingWindowRateLimiter(storage)
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            assert limiter.hit(THREE, "ada")
            clock.shift(20)
        # a minute after the first attempt there is room for one
        assert limiter.hit(THREE, "ada")
        assert not limiter.hit(THREE, "ada")


def test_attempts_that_count_no_more_are_deleted(storage, session):
    limiter = MovingWindowRateLimiter(storage)
    with time_machine.travel(NOON, tick=False) as clock:
        limiter.hit(THREE, "ada")
        clock.shift(61)
        limiter.hit(THREE, "bruno")
        assert session.scalar(sa.select(sa.func.count()).select_from(LimitedAttempt)) == 1


def test_counts_can_be_cleared(storage):
    limiter = MovingWindowRateLimiter(storage)
    limiter.hit(THREE, "ada")
    assert storage.check()
    assert storage.reset() == 1
    assert limiter.get_window_stats(THREE, "ada").remaining == 3


def test_many_at_once_get_no_more_than_the_limit(fresh_app):
    def attempt(_):
        with fresh_app.app_context():
            return MovingWindowRateLimiter(storage_from_string("database://")).hit(THREE, "ada")

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 3
    with fresh_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(LimitedAttempt)) == 3
