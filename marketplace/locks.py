"""What only one process of an installation does at a time, on however many machines it runs.

With SQLite there is one machine, and a file in the instance folder is locked. With PostgreSQL machines share nothing
but the database, which locks a number for as long as a connection of its own lasts. Either ends with the process
that holds it, however that ends.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from marketplace.db import db
from marketplace.instance import file_lock


class Lock(IntEnum):
    """Any numbers that nothing else of ours locks on PostgreSQL."""

    MIGRATION = 7_310_571
    WORKER = 7_310_572


@contextmanager
def alone(lock: Lock, *, wait: bool = True) -> Iterator[Callable[[], bool] | None]:
    """Hold ``lock``; yields a way to ask whether it is held still, ``None`` where somebody else holds it.

    With ``wait`` it is always got. A database that was restarted has forgotten the lock, so who works for long asks.
    Needs an application context.
    """
    if db.engine.dialect.name != "postgresql":
        name = Path(current_app.instance_path) / f"{lock.name.lower()}.lock"
        with file_lock(name, wait=wait) as got:
            yield _always if got else None
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if wait:
            # who waits for a migration waits as long as it takes
            connection.execute(sa.text("SET lock_timeout = 0"))
            connection.execute(sa.select(sa.func.pg_advisory_lock(lock.value)))
        elif not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(lock.value))):
            yield None
            return
        try:
            yield lambda: _lives(connection)
        finally:
            # closed, not given back to the pool: the lock must not outlive its holder there
            connection.invalidate()


def _always() -> bool:
    return True


def _lives(connection: sa.Connection) -> bool:
    try:
        connection.execute(sa.select(1))
    except SQLAlchemyError:
        return False
    return True


def is_held(lock: Lock) -> bool:
    """Whether some process holds it now. PostgreSQL only."""
    # the view shows the locks of every database of the server: another installation's worker is not ours
    held = sa.text(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = :number AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with db.engine.connect() as connection:
        return connection.scalar(held, {"number": lock.value}) is not None
