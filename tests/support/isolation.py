"""One transaction around a whole test: whatever the code commits inside is undone at the end.

Flask-SQLAlchemy-Lite's own ``test_isolation`` patches ``begin`` to open a nested transaction and so does not
work with SQLAlchemy 2.1; here sessions are bound to one connection, and their commits are savepoints.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context

from flask import Flask, has_app_context
from flask.testing import FlaskClient

from marketplace.db import db, writing


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """Inside, every session of ``app`` works in one transaction, which is rolled back on leaving."""
    with app.app_context():
        engine, sessionmaker = db.engine, db.sessionmaker
    with writing(), engine.connect() as connection:
        transaction = connection.begin()
        sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield
        finally:
            sessionmaker.configure(bind=engine, join_transaction_mode="conditional_savepoint")
            transaction.rollback()


class Client(FlaskClient):
    """A test client whose requests see the test's context as little as a real server's would.

    With an application context already pushed Flask would share it with the request: its session, and the
    user that Flask-Login remembers in ``g``. So a request runs in an empty context, after the test's own
    session has committed what it prepared, which also makes it read afterwards what the request wrote.
    """

    def open(self, *args, **kwargs):
        if has_app_context():
            db.session.commit()
        return Context().run(super().open, *args, **kwargs)
