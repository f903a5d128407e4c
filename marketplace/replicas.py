"""Public reads from a replica (``DATABASE_REPLICA_URL``), everything else from the primary.

Who is signed in reads the primary, so that a right that was taken away is gone at once; who has just written reads
it too, so that everybody sees what they wrote. A replica that does not answer, or lags behind, is left aside and
looked at again every few seconds.
"""

import logging
import time
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask, current_app, request, session
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from marketplace.db import db
from marketplace.routed_session import reader

log = logging.getLogger(__name__)

REPLICA = "replica"
#: After a write the same browser reads the primary for so long, in seconds; longer than a replica may lag.
OWN_WRITES_S = 15.0
#: A replica further behind is left aside, in seconds.
LONGEST_LAG_S = 10.0
#: How often a replica is asked how it is, by each process, in seconds.
LOOK_EVERY_S = 2.0
#: "read_only_sql_transaction": a page that writes was sent to a replica.
_READ_ONLY = "25006"
#: 0 where nothing is left to replay: then the last transaction is old because nobody wrote.
_LAG = sa.text(
    "SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0"
    " WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0"
    " ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) END"
)


class Replica:
    """What one process knows of the replica: whether it may be asked, as of the last look."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.monotonic):
        self._engine, self._clock = engine, clock
        self._well, self._looked_at = False, -LOOK_EVERY_S

    @property
    def engine(self) -> sa.Engine | None:
        """The engine to read from; ``None`` while it is left aside."""
        if self._clock() - self._looked_at >= LOOK_EVERY_S:
            self._look()
        return self._engine if self._well else None

    def leave_aside(self) -> None:
        """It failed somebody: the next look decides."""
        self._tell(False, "it failed a request")
        self._looked_at = self._clock()

    def _look(self) -> None:
        try:
            with self._engine.connect() as connection:
                lag = float(connection.scalar(_LAG))
        except SQLAlchemyError as problem:
            self._tell(False, type(problem).__name__)
        else:
            self._tell(lag <= LONGEST_LAG_S, f"it is {lag:.0f} s behind")
        self._looked_at = self._clock()

    def _tell(self, well: bool, why: str) -> None:
        if well != self._well:
            log.warning("The replica %s", "is read from" if well else f"is left aside: {why}")
        self._well = well


def reads_anywhere(safe_methods: frozenset[str], writing_pages: frozenset[str]) -> bool:
    """Whether the running request may read from a replica."""
    if request.method not in safe_methods or request.endpoint in writing_pages:
        return False
    return "_user_id" not in session and time.time() - session.get("wrote_at", 0) > OWN_WRITES_S


def may_be_asked_again(problem: DBAPIError) -> bool:
    """Whether a request failed only because it was sent to the replica: then the primary answers it."""
    if reader.get() is None:
        return False
    return problem.connection_invalidated or getattr(problem.orig, "sqlstate", None) in {None, _READ_ONLY}


def reads_from_the_replica() -> bool:
    """Whether the running request does; never outside of one."""
    return reader.get() is not None


def read_from_the_primary(*, leave_aside: bool = False) -> None:
    """For the rest of the running request."""
    reader.set(None)
    if leave_aside:
        current_app.extensions["incontro-replica"].leave_aside()


def init_app(app: Flask, safe_methods: frozenset[str], writing_pages: frozenset[str]) -> None:
    if not app.config["DATABASE_REPLICA_URL"]:
        return
    with app.app_context():
        replica = Replica(db.get_engine(REPLICA))
    app.extensions["incontro-replica"] = replica

    @app.before_request
    def choose_reader() -> None:
        reader.set(replica.engine if reads_anywhere(safe_methods, writing_pages) else None)

    @app.after_request
    def remember_the_write(response):
        reader.set(None)
        if request.method not in safe_methods and response.status_code < 400:
            session["wrote_at"] = time.time()
        return response
