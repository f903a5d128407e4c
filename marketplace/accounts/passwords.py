"""Hashing a password takes a tenth of a second; nobody else waits for it."""

from typing import Any

from flask import has_app_context

from marketplace.db import db


class LockFreeContext:
    """The hashing context of Flask-Security, which lets go of the database before it hashes.

    Flask-Security looks a person up, then hashes, then writes. On SQLite the look-up of a request that
    may write already holds the write lock, and every other writer would wait for the hash; a guesser
    could stop the whole house. So the transaction ends first, unless it has changed something; what
    comes after begins another, and reads what it needs again.
    """

    def __init__(self, context: Any):
        self._context = context

    def hash(self, *args: Any, **kwargs: Any) -> str:
        _let_go()
        return self._context.hash(*args, **kwargs)

    def verify(self, *args: Any, **kwargs: Any) -> bool:
        _let_go()
        return self._context.verify(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


def _let_go() -> None:
    if has_app_context() and not (db.session.new or db.session.dirty or db.session.deleted):
        db.session.commit()
