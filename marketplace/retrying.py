"""Requests whose transaction conflicted with another are answered by doing them again, whole.

PostgreSQL ends one of two transactions that wait for each other (deadlock) or that cannot both be true
(serialization failure) and says that it may simply be tried again. Nothing of it was kept, so the view runs again
from its beginning; whoever asked notices nothing but a moment's delay.
"""

import logging
import random
import time
from itertools import count
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
#: For so long a request is tried again, in seconds. Not a number of tries: where the server is strict, of those who
#: wait for one row only one gets through at a time, and nobody should be sent away for having met six others.
TRY_FOR_S = 15.0
#: Seconds; doubled each time, and drawn, so that two that met do not meet again.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.01, 0.5


def is_conflict(problem: BaseException) -> bool:
    """Whether the database said that the transaction may be tried again."""
    return isinstance(problem, DBAPIError) and getattr(problem.orig, "sqlstate", None) in CONFLICTS


class Flask(flask.Flask):
    """Flask, with views that run again when their transaction conflicted."""

    def dispatch_request(self, *args: Any) -> flask.typing.ResponseReturnValue:
        only_reads = request.method in SAFE_METHODS
        flashes = list(session.get("_flashes", ()))
        give_up = time.monotonic() + TRY_FOR_S
        for attempt in count(1):
            try:
                return super().dispatch_request(*args)
            except DBAPIError as problem:
                if is_conflict(problem) and time.monotonic() < give_up:
                    _pause(attempt)
                    _as_it_came(flashes)
                elif only_reads and replicas.may_be_asked_again(problem):
                    # its replica may be gone
                    db.session.rollback()
                    replicas.read_from_the_primary(leave_aside=problem.connection_invalidated)
                else:
                    raise


def _pause(attempt: int) -> None:
    """Undo the try that failed, and let the other transaction end."""
    log.info("Try %d met another transaction: %s", attempt, request.endpoint)
    db.session.rollback()
    # how long is nobody's result, so the dice need no seed
    time.sleep(random.uniform(0, min(FIRST_PAUSE_S * 2**attempt, LONGEST_PAUSE_S)))


def _as_it_came(flashes: list) -> None:
    """The request as the first try found it: files from their beginning, no message of the try that failed."""
    for _, file in request.files.items(multi=True):
        file.stream.seek(0)
    if "_flashes" in session or flashes:
        session["_flashes"] = list(flashes)
