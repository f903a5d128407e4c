"""Keeping the index as the database is: the outbox's news about suppliers, and building afresh.

The entries that were read are the entries that are deleted, after the engine has taken what they
announce: an end at any moment repeats work and loses none. Who writes the index holds a lock over
reading the database *and* writing, so that of two writers none puts back what was true before.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from marketplace.catalogue.documents import supplier_documents
from marketplace.db import writing
from marketplace.engines import index_engine
from marketplace.instance import file_lock
from marketplace.notices.models import SavedSearch
from marketplace.organisations.models import Organisation, Status
from marketplace.outbox import OutboxEntry, Topic
from marketplace.rebuild_wish import REBUILD_WANTED
from search.documents import SupplierDocument
from search.engine import Engine, IndexChanges, SharedEngine

#: Suppliers taken into the index at once.
BATCH = 200

Progress = Callable[[Iterable[SupplierDocument]], Iterable[SupplierDocument]]


def index_lock(*, wait: bool = True) -> AbstractContextManager[bool]:
    """Held by whoever writes the index, in this process or another, on this machine or, where they share it, any."""
    engine = index_engine()
    if isinstance(engine, SharedEngine):
        return engine.upkeep_lock(wait=wait)
    return file_lock(Path(current_app.instance_path) / "index.lock", wait=wait)


def drain_suppliers(session: Session, engine: Engine, now: datetime) -> int:
    """Index what has been announced, each organisation once however often; the number of entries done."""
    rows = session.execute(
        sa.select(OutboxEntry.id, OutboxEntry.payload)
        .where(OutboxEntry.topic == Topic.SUPPLIER, OutboxEntry.not_before <= now)
        .order_by(OutboxEntry.id)
        .limit(BATCH)
    ).all()
    if not rows:
        session.rollback()
        return 0
    wanted = {row.payload["id"] for row in rows}
    documents = list(supplier_documents(session, wanted))
    gone = sorted(wanted - {document.id for document in documents})
    done = [row.id for row in rows]
    if isinstance(engine, SharedEngine):
        # one transaction with the entries: what they announce takes effect once
        with writing():
            _change(engine.joined_to(session.connection()), documents, gone)
            _strike_off(session, done)
            session.commit()
    else:
        session.rollback()
        _change(engine, documents, gone)
        _forget(session, done)
    return len(rows)


def _change(engine: IndexChanges, documents: Sequence[SupplierDocument], gone: Sequence[int]) -> None:
    engine.add(documents)
    engine.remove(gone)


def rebuild_wanted(session: Session, now: datetime) -> bool:
    """Whether somebody asked to build the index afresh: by the outbox, or a web process by its flag."""
    if _flag().exists():
        return True
    asked = session.scalar(
        sa.select(sa.func.count()).where(OutboxEntry.topic == Topic.REBUILD, OutboxEntry.not_before <= now)
    )
    session.rollback()
    return bool(asked)


def rebuild(session: Session, engine: Engine, progress: Progress = lambda documents: documents) -> int:
    """Build afresh from the database and swap; the number of offers. What it made needless is forgotten."""
    # What is announced now is read below; what is announced later stays. Ids, not "up to the last id":
    # on PostgreSQL an entry may become visible after one with a higher id.
    done = session.scalars(
        sa.select(OutboxEntry.id).where(OutboxEntry.topic.in_((Topic.SUPPLIER, Topic.REBUILD)))
    ).all()
    offers = engine.rebuild(progress(supplier_documents(session)))
    session.rollback()
    # after the swap: what was found damaged until now was the index before. Should this one be, too, the
    # next question finds it and says so again.
    _flag().unlink(missing_ok=True)
    _forget(session, done)
    return offers


def supplier_count(session: Session) -> int:
    """How many suppliers a rebuild reads."""
    return session.scalar(
        sa.select(sa.func.count()).select_from(Organisation).where(Organisation.status == Status.ACTIVE)
    )


def _forget(session: Session, entry_ids: Iterable[int]) -> None:
    """Done with the entries. Where somebody keeps a search, those on suppliers are handed on, to be told of."""
    with writing():
        _strike_off(session, list(entry_ids))
        session.commit()


def _strike_off(session: Session, ids: Sequence[int]) -> None:
    somebody_waits = bool(session.scalar(sa.select(sa.exists().where(SavedSearch.id.is_not(None)))))
    for start in range(0, len(ids), BATCH):
        these = OutboxEntry.id.in_(ids[start : start + BATCH])
        if somebody_waits:
            session.execute(
                sa.update(OutboxEntry)
                .where(these, OutboxEntry.topic == Topic.SUPPLIER)
                .values(topic=Topic.NEWS)
            )
            these = sa.and_(these, OutboxEntry.topic != Topic.NEWS)
        session.execute(sa.delete(OutboxEntry).where(these))


def _flag() -> Path:
    return Path(current_app.instance_path) / REBUILD_WANTED
