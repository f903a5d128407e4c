"""What the worker must still tell the index and the mail server.

An entry is written in the same transaction as the change that it announces,
so that no change can be kept and its news lost, nor the other way round.
"""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.db import Model, UTCDateTime


class Topic(StrEnum):
    SUPPLIER = "supplier"  # payload {"id": organisation id}: read it again and index it, or drop it
    MAIL = "mail"  # payload: a whole message, see marketplace.mail
    DEMAND = "demand"  # payload {"id": demand id}: it was posted; tell the suppliers who want to hear of it
    NEWS = (
        "news"  # payload {"id": organisation id}: it is indexed; tell those who keep a search that it answers
    )
    REBUILD = "rebuild"  # payload {}: build the index afresh, beside, and swap


class OutboxEntry(Model):
    """One thing to do. Done entries are deleted; ``attempts`` and ``not_before`` pace the failing ones."""

    __tablename__ = "outbox_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(sa.String(12))
    payload: Mapped[dict] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")

    __table_args__ = (sa.Index("ix_outbox_entry_due", "topic", "not_before"),)


def announce_supplier(session: Session, organisation_id: int, now: datetime) -> None:
    """The organisation, or anything findable of it, has changed."""
    _put(session, Topic.SUPPLIER, {"id": organisation_id}, now)


def announce_demand(session: Session, demand_id: int, now: datetime) -> None:
    """A demand was posted."""
    _put(session, Topic.DEMAND, {"id": demand_id}, now)


def request_rebuild(session: Session, now: datetime) -> None:
    _put(session, Topic.REBUILD, {}, now)


def post_mail(session: Session, message: dict, now: datetime) -> None:
    _put(session, Topic.MAIL, message, now)


def _put(session: Session, topic: Topic, payload: dict, now: datetime) -> None:
    session.add(OutboxEntry(topic=topic, payload=payload, created_at=now, not_before=now))
