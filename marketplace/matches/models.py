"""Alerts: who wants to hear of demands that a supplier can answer, and of which ones they have heard."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class Frequency(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class DemandAlert(Model):
    """One person's wish to hear of demands for one organisation.

    ``categories`` (with everything below them) and ``within_m`` of the seat restrict, where given. Who
    holds the mail's link stops it: only a hash of the token is kept.
    """

    __tablename__ = "demand_alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    frequency: Mapped[str] = mapped_column(sa.String(8))
    categories: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    within_m: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (sa.UniqueConstraint("person_id", "organisation_id"),)


class AlertedDemand(Model):
    """A demand of which the alert has told, or will tell with the next digest (``sent_at`` still ``None``)."""

    __tablename__ = "alerted_demand"

    alert_id: Mapped[int] = mapped_column(
        sa.ForeignKey("demand_alert.id", ondelete="CASCADE"), primary_key=True
    )
    demand_id: Mapped[int] = mapped_column(
        sa.ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
