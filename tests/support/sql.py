"""Counting what is asked of the database, so that a page's number of statements does not grow unseen."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

from marketplace.db import db

#: Opening and closing transactions is no question to the database.
_BOOKKEEPING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """Yield a list that receives every statement sent while inside."""
    with app.app_context():
        engine = db.engine
    sent: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        if not statement.lstrip().upper().startswith(_BOOKKEEPING):
            sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
