"""Uploads that nothing names any more, taken away once a day.

A request that failed after its file was written leaves one, and so does a row deleted with its organisation. What a
row names is found from the tables themselves, so that a table of tomorrow is not forgotten: columns called
``stored_as``, and whatever looks like the name of an upload within JSON.
"""

import logging
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from marketplace import uploads
from marketplace.db import Model

log = logging.getLogger(__name__)

#: A younger file may belong to a request that is not over.
LEFT_ALONE = timedelta(days=1)
EVERY = timedelta(days=1)
#: Its time is that of the last sweep.
MARK = "uploads.swept"

_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")
#: The same for the database, which knows any character but no digits: "__/__/" and 64 more.
_LIKE = "%__/__/" + "_" * 64 + "%"


def sweep_uploads(session: Session, now: datetime) -> int:
    """Remove the files that nothing names, if a day has gone by since the last time; how many."""
    mark = Path(current_app.instance_path) / MARK
    if _younger(mark, now - EVERY):
        return 0
    mark.touch(mode=0o600)
    os.utime(mark, (now.timestamp(), now.timestamp()))
    limit = now - LEFT_ALONE
    store = uploads.store()
    # what a crash left half-written is among them: no row can name it
    old = list(store.older_than(limit))
    used = names_in_use(session) if old else set()
    session.rollback()
    # looked at again: the same content may have been handed in meanwhile
    removed = sum(store.remove(name, older_than=limit) for name in old if name not in used)
    if removed:
        log.warning("%d uploads that nothing names were removed", removed)
    return removed


def names_in_use(session: Session) -> set[str]:
    """Every name of an upload that stands anywhere in the database."""
    used: set[str] = set()
    for column in uploads.naming_columns():
        used.update(session.scalars(sa.select(column).distinct()))
    for table in Model.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, sa.JSON):
                text = sa.cast(column, sa.Text)
                for held in session.scalars(sa.select(text).where(text.like(_LIKE))):
                    used.update(_NAME.findall(held))
    return used


def _younger(path: Path, limit: datetime) -> bool:
    try:
        return path.stat().st_mtime > limit.timestamp()
    except FileNotFoundError:
        return False
