"""Advisory locks: one writer at a time, whatever machine it runs on, and none left behind by whoever dies."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from search.engine import EngineUnavailable

LOCK_TIMEOUT = "10s"
"""How long a writer waits for another one."""


def lock_for_writing(connection: sa.Connection, prefix: str) -> None:
    """Hold the index of a prefix for writing until the transaction ends.

    Raises :class:`EngineUnavailable` where another process does for too long.
    """
    before = connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        connection.exec_driver_sql(
            "SELECT pg_advisory_xact_lock(hashtext(%(name)s))", {"name": f"{prefix}.writer"}
        )
    except sa.exc.OperationalError as error:
        if isinstance(error.orig, psycopg.errors.LockNotAvailable):
            raise EngineUnavailable("another process is writing the index") from error
        raise
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{before}'")


@contextmanager
def upkeep_lock(engine: sa.Engine, prefix: str, *, wait: bool) -> Iterator[bool]:
    """Hold a connection's lock over several transactions; false where another holds it and not ``wait``."""
    name = {"name": f"{prefix}.upkeep"}
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if wait:
            connection.exec_driver_sql("SELECT pg_advisory_lock(hashtext(%(name)s))", name)
            held = True
        else:
            tried = connection.exec_driver_sql("SELECT pg_try_advisory_lock(hashtext(%(name)s))", name)
            held = tried.scalar_one()
        try:
            yield held
        finally:
            if held:
                connection.exec_driver_sql("SELECT pg_advisory_unlock(hashtext(%(name)s))", name)
