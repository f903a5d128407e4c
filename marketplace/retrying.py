"""Requests whose transaction conflicted with another are answered by doing them again, whole.

PostgreSQL ends one of two transactions that wait for each other (deadlock) or that cannot both be true
(serialization failure) and says that it may simply be tried again. Nothing of it was kept, so the view runs again
from its beginning; whoever asked notices nothing but a moment's delay.
"""

import logging
import random
import time
from typing import Any

import flask
from flask import request, session
from sqlalchemy.exc import DBAPIError

from marketplace import replicas
from marketplace.db import db
from marketplace.request_cycle import SAFE_METHODS

log = logging.getLogger(__name__)

#: "serialization_failure" and "deadlock_detected" (PostgreSQL, Appendix A of its manual).
CONFLICTS = frozenset({"40001", "40P01"})
TRIES = 5
#: Seconds; doubled each time, and drawn, so that two that met do not meet again.
FIRST_PAUSE_S = 0.01


def is_conflict(problem: BaseException) -> bool:
    """Whether the database said that the transaction may be tried again."""
    return isinstance(problem, DBAPIError) and getattr(problem.orig, "sqlstate", None) in CONFLICTS


class Flask(flask.Flask):
    """Flask, with views that run again when their transaction conflicted."""

    def dispatch_request(self, *args: Any) -> flask.typing.ResponseReturnValue:
        if request.method in SAFE_METHODS:
            return self._read(*args)
        flashes = list(session.get("_flashes", ()))
        for attempt in range(1, TRIES):
            try:
                return super().dispatch_request(*args)
            except DBAPIError as problem:
                if not is_conflict(problem):
                    raise
            _pause(attempt)
            _as_it_came(flashes)
        return super().dispatch_request(*args)

    def _read(self, *args: Any) -> flask.typing.ResponseReturnValue:
        """What only reads conflicts where the server is set to be strict; and its replica may be gone."""
        for attempt in range(1, TRIES):
            try:
                return super().dispatch_request(*args)
            except DBAPIError as problem:
                if is_conflict(problem):
                    _pause(attempt)
                elif replicas.may_be_asked_again(problem):
                    db.session.rollback()
                    replicas.read_from_the_primary(leave_aside=problem.connection_invalidated)
                else:
                    raise
        return super().dispatch_request(*args)


def _pause(attempt: int) -> None:
    """Undo the try that failed, and let the other transaction end."""
    log.info("Try %d met another transaction: %s", attempt, request.endpoint)
    db.session.rollback()
    # how long is nobody's result, so the dice need no seed
    time.sleep(random.uniform(0, FIRST_PAUSE_S * 2**attempt))


def _as_it_came(flashes: list) -> None:
    """The request as the first try found it: files from their beginning, no message of the try that failed."""
    for _, file in request.files.items(multi=True):
        file.stream.seek(0)
    if "_flashes" in session or flashes:
        session["_flashes"] = list(flashes)
