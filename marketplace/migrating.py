"""Migrations that lose nothing on SQLite.

SQLite alters most of a table by making another and dropping the first. Dropping deletes its rows, and
where foreign keys are enforced a deleted organisation takes its offers with it (``ON DELETE CASCADE``).
So they are not enforced while migrations run, and checked at the end; SQLite's own advice
(https://www.sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask_alembic
import sqlalchemy as sa


class BrokenReferences(RuntimeError):
    """A migration has left rows that refer to nothing; it was not committed."""


class Alembic(flask_alembic.Alembic):
    """Flask-Alembic, for every way in: our commands, its own (``flask db``), and tests."""

    def run_migrations(self, fn: Callable, **kwargs: Any) -> None:
        connections = [context.connection for context in self.migration_contexts.values()]
        with _without_foreign_keys(connections):
            super().run_migrations(fn, **kwargs)


@contextmanager
def _without_foreign_keys(connections: list[sa.Connection]) -> Iterator[None]:
    ours = [connection for connection in connections if connection.dialect.name == "sqlite"]
    for connection in ours:
        _switch(connection, "OFF")
    try:
        yield
        for connection in ours:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise BrokenReferences(f"{len(broken)} rows, the first in {broken[0][0]!r}")
    finally:
        for connection in ours:
            if not connection.invalidated:
                _switch(connection, "ON")


def _switch(connection: sa.Connection, state: str) -> None:
    # inside a transaction SQLite ignores it without a word, so past SQLAlchemy, which would begin one
    if connection.in_transaction():
        connection.rollback()
    driver = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={state}")
    if driver.execute("PRAGMA foreign_keys").fetchone()[0] != (state == "ON"):
        raise RuntimeError(f"SQLite does not switch foreign keys {state}")
