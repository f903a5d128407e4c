"""How an organisation joins: where it produces, whom it invites, what the district decided, to whom it delegates."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class Activity(StrEnum):
    GROWN = "grown"  # raw materials are grown or raised here
    PROCESSED = "processed"
    BOTH = "both"


class Verdict(StrEnum):
    APPROVED = "approved"
    CHANGES_ASKED = "changes_asked"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"


class ProductionPlace(Model):
    """Where raw materials are produced or processed (L. 61/2022), where it is not the seat."""

    __tablename__ = "production_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(120))
    activity: Mapped[str] = mapped_column(sa.String(10))
    comune: Mapped[str | None] = mapped_column(sa.String(6))
    province: Mapped[str | None] = mapped_column(sa.String(2))
    lat: Mapped[float] = mapped_column(sa.Float)
    lon: Mapped[float] = mapped_column(sa.Float)


class Invitation(Model):
    """A colleague asked by mail to join; it expires and serves once. Only a hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(sa.String(255), index=True)
    role: Mapped[str] = mapped_column(sa.String(8))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    invited_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Decision(Model):
    """What the desk decided of an organisation, and why; the newest one holds, all are its history."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    verdict: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class Delegation(Model):
    """A member network checks claims of one criterion for the desk, in some provinces or everywhere (empty list)."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    criterion: Mapped[str] = mapped_column(sa.String(40), index=True)
    provinces: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    granted_by_id: Mapped[int | None]
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
