"""Who did what, when: one line for every change of weight, people as ids."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.db import Model, UTCDateTime


class AuditEvent(Model):
    """A change. ``subject`` is what it was done to, e.g. ``offer``/``12``; ``details`` hold no personal data."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    actor_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None]
    details: Mapped[dict] = mapped_column(sa.JSON, default=dict)

    __table_args__ = (sa.Index("ix_audit_event_subject", "subject", "subject_id"),)


def record(session: Session, *, now: datetime, actor_id: int | None, verb: str, subject, **details) -> None:
    """Add the event to the running transaction; ``subject`` is a model instance with an id (flushed)."""
    session.add(
        AuditEvent(
            at=now,
            actor_id=actor_id,
            verb=verb,
            subject=type(subject).__tablename__,
            subject_id=subject.id,
            details=details,
        )
    )
