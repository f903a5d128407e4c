"""How a web process that finds the index missing or damaged tells the worker to build it afresh.

Where the index lies in the instance folder the wish is a file there, and no outbox entry: a request that only reads
must not wait to write. Where machines share an index within PostgreSQL, the worker may be on another one, and reads
the outbox; nobody waits there to write an entry.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.clock import utc_now
from marketplace.outbox import OutboxEntry, Topic, request_rebuild

log = logging.getLogger(__name__)

#: In the instance folder.
REBUILD_WANTED = "rebuild.wanted"

#: Says that the index must be rebuilt; whether it is the first to say so.
Wish = Callable[[], bool]


def by_file(instance: Path) -> bool:
    """The wish of a machine that has its index for itself."""
    try:
        (instance / REBUILD_WANTED).touch(exist_ok=False)
    except FileExistsError:
        return False
    except OSError as problem:
        log.error("The worker cannot be told to rebuild the index: %s", problem)
    return True


def by_outbox(engine: sa.Engine) -> bool:
    """The wish of machines that share an index; ``engine`` is the primary's, whatever the running request reads."""
    try:
        with Session(engine) as session, session.begin():
            if session.scalar(sa.select(OutboxEntry.id).where(OutboxEntry.topic == Topic.REBUILD).limit(1)):
                return False
            request_rebuild(session, utc_now())
    except SQLAlchemyError as problem:
        log.error("The worker cannot be told to rebuild the index: %s", problem)
    return True
