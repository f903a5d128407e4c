"""Counts of attempts in the database, so that a limit holds across web processes and restarts.

A storage for the ``limits`` library, named ``database://``. Each attempt is a row with the moment at
which it stops counting. Attempts are counted on a session of their own, committed at once: they must
stay counted when the request that they belong to is rolled back.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from limits.storage import MovingWindowSupport, Storage
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.db import Model, db, writing

_MS = 1000


class LimitedAttempt(Model):
    """One attempt: times in milliseconds since 1970. ``key`` holds a hash, never an address or a mail."""

    __tablename__ = "limited_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200))
    at_ms: Mapped[int] = mapped_column(sa.BigInteger)
    until_ms: Mapped[int] = mapped_column(sa.BigInteger, index=True)

    __table_args__ = (sa.Index("ix_limited_attempt_key", "key", "at_ms"),)


class DatabaseStorage(Storage, MovingWindowSupport):
    STORAGE_SCHEME = ["database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return sa.exc.SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count ``amount`` attempts unless they would exceed ``limit`` in the last ``expiry`` seconds."""
        if amount > limit:
            return False
        now = _now()
        with _counting(key) as session:
            session.execute(sa.delete(LimitedAttempt).where(LimitedAttempt.until_ms <= now))
            if self._count(session, key, now - expiry * _MS) + amount > limit:
                return False
            self._put(session, key, now, now + expiry * _MS, amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        now = _now()
        since = now - expiry * _MS
        with _reading() as session:
            oldest, count = session.execute(
                sa.select(sa.func.min(LimitedAttempt.at_ms), sa.func.count()).where(
                    LimitedAttempt.key == key, LimitedAttempt.at_ms > since
                )
            ).one()
        return (oldest or now) / _MS, count

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """A fixed window, which ends ``expiry`` seconds after its first attempt."""
        now = _now()
        with _counting(key) as session:
            session.execute(sa.delete(LimitedAttempt).where(LimitedAttempt.until_ms <= now))
            until = session.scalar(
                sa.select(sa.func.min(LimitedAttempt.until_ms)).where(LimitedAttempt.key == key)
            )
            self._put(session, key, now, until or now + expiry * _MS, amount)
            return self._count(session, key, 0)

    def get(self, key: str) -> int:
        with _reading() as session:
            return session.scalar(
                sa.select(sa.func.count()).where(LimitedAttempt.key == key, LimitedAttempt.until_ms > _now())
            )

    def get_expiry(self, key: str) -> float:
        with _reading() as session:
            until = session.scalar(
                sa.select(sa.func.max(LimitedAttempt.until_ms)).where(LimitedAttempt.key == key)
            )
        return (until or _now()) / _MS

    def check(self) -> bool:
        with _reading() as session:
            return session.scalar(sa.select(1)) == 1

    def reset(self) -> int:
        with _counting() as session:
            return session.execute(sa.delete(LimitedAttempt)).rowcount

    def clear(self, key: str) -> None:
        with _counting() as session:
            session.execute(sa.delete(LimitedAttempt).where(LimitedAttempt.key == key))

    @staticmethod
    def _count(session: Session, key: str, since: int) -> int:
        return session.scalar(
            sa.select(sa.func.count()).where(LimitedAttempt.key == key, LimitedAttempt.at_ms > since)
        )

    @staticmethod
    def _put(session: Session, key: str, at: int, until: int, amount: int) -> None:
        session.add_all(LimitedAttempt(key=key, at_ms=at, until_ms=until) for _ in range(amount))
        session.flush()


@contextmanager
def _counting(key: str | None = None) -> Iterator[Session]:
    with writing(), db.sessionmaker() as session, session.begin():
        if key is not None and session.get_bind().dialect.name == "postgresql":
            # one at a time per key, as SQLite's write lock has it anyway
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(key))))
        yield session


@contextmanager
def _reading() -> Iterator[Session]:
    with db.sessionmaker() as session:
        yield session


def _now() -> int:
    return int(time.time() * _MS)
