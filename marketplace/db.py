"""The database: one declarative base, one engine, and how transactions begin.

SQLite's driver opens transactions late and shared, so that two writers who
both read first oversell or fail with "locked" at once. Here every transaction
is opened by us: ``BEGIN IMMEDIATE`` where something may be written, ``BEGIN``
where it is only read. On PostgreSQL the server's own rules hold.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

import sqlalchemy as sa
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase

from marketplace.routed_session import RoutedSession

#: True while what runs may write: an unsafe HTTP method, a writing command, the worker.
_may_write: ContextVar[bool] = ContextVar("may_write", default=False)


class Model(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(session_options={"class_": RoutedSession})


class UTCDateTime(sa.types.TypeDecorator):
    """An aware moment, kept in UTC; a naive one is refused, because nobody would know its zone."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class MonthSet(sa.types.TypeDecorator):
    """Months 1 to 12 as a set, kept as bits of one integer (January is 1); empty means all year."""

    impl = sa.SmallInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return sum(1 << (month - 1) for month in set(value or ()))

    def process_result_value(self, value, dialect):
        return frozenset(month for month in range(1, 13) if (value or 0) >> (month - 1) & 1)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once, and so never fail half-way."""
    token = _may_write.set(True)
    try:
        yield
    finally:
        _may_write.reset(token)


def set_may_write(allowed: bool) -> None:
    """For the start of a request, whose end needs no reset: each request sets it anew."""
    _may_write.set(allowed)


def prepare_engine(engine: sa.Engine) -> None:
    """Install the transaction rule and the settings of each connection (SQLite only)."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def configure_connection(connection, record):
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write.get() else "BEGIN")
