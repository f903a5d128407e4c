"""What a choice leaves behind: frozen lists, the buyer's own part of the report, the outcome."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, UTCDateTime


class FrozenList(Model):
    """A ranked list kept with its whole input (MATCHING, Frozen answers). Never changed, never deleted by us.

    ``content`` is the canonical JSON (RFC 8785) and ``sha256`` the hash of its UTF-8 bytes.
    """

    __tablename__ = "frozen_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))


class ReportNotes(Model):
    """What only the buyer knows and the relazione istruttoria needs; ``fields`` by name, see choosing.report_fields."""

    __tablename__ = "report_notes"

    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True)
    fields: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    updated_by_id: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __mapper_args__ = {"version_id_col": version}


class OutcomeKind(StrEnum):
    AWARDED = "awarded"
    NONE = "none"


class Outcome(Model):
    """What happened elsewhere, as the buyer records it (PRACTICE, Public buyers 7); or why nothing did."""

    __tablename__ = "outcome"

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    act_number: Mapped[str] = mapped_column(sa.String(60), default="")
    act_date: Mapped[date | None] = mapped_column(sa.Date)
    cig: Mapped[str] = mapped_column(sa.String(10), default="")
    link: Mapped[str] = mapped_column(sa.String(255), default="")
    recorded_by_id: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)

    awards: Mapped[list["Award"]] = relationship(
        cascade="all, delete-orphan", order_by="Award.id", lazy="selectin"
    )


class Award(Model):
    """One chosen supplier: of ours, or by ``name`` and ``tax_code`` where it is not here. ``amount`` in cents without VAT."""

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(primary_key=True)
    outcome_id: Mapped[int] = mapped_column(sa.ForeignKey("outcome.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(160))
    tax_code: Mapped[str] = mapped_column(sa.String(20), default="")
    lot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("lot.id", ondelete="SET NULL"))
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
