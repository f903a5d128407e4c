"""What is needed, by whom, where, and what counts."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.db import Model, MonthSet, UTCDateTime
from marketplace.organisations.models import Organisation


class DemandType(StrEnum):
    """PRACTICE, Public buyers 1; ``need`` is for groups and co-ops, ``wish`` for residents."""

    NEED = "need"
    WISH = "wish"
    MARKET_CONSULTATION = "market_consultation"
    QUOTE_REQUEST = "quote_request"
    SOCIAL_COOP_AGREEMENT = "social_coop_agreement"
    CO_DESIGN = "co_design"
    NOTICE_ELSEWHERE = "notice_elsewhere"


class Demand(Model):
    """A need with its lots. What state it is in follows from its moments, never from a flag.

    ``estimated_value`` is in cents, without VAT. ``comune`` (ISTAT), ``province`` (sigla), ``lat`` and ``lon`` say where.
    ``required`` is a list of {criterion, proofs}, ``preferred`` of {criterion,
    importance}; ``weights`` maps components to how much they count. ``period_from``
    and ``period_until`` are days in Rome, both included. ``particulars`` are the
    fields of its type (marketplace.demands.particulars) by name. ``questions_until`` and
    ``closes_at`` are the deadlines for questions and for answers. A wish of a resident waits
    until the desk lets it through: then ``published_at`` is set. ``sent_as`` tells the same form sent twice by its author
    (marketplace.demands.sending).
    """

    __tablename__ = "demand"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"), index=True)
    type: Mapped[str] = mapped_column(sa.String(24))
    title: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    place_label: Mapped[str] = mapped_column(sa.String(120))
    comune: Mapped[str | None] = mapped_column(sa.String(6))
    province: Mapped[str | None] = mapped_column(sa.String(2))
    lat: Mapped[float] = mapped_column(sa.Float)
    lon: Mapped[float] = mapped_column(sa.Float)
    mode: Mapped[str] = mapped_column(sa.String(8))
    max_distance_m: Mapped[int | None]
    half_life_m: Mapped[int] = mapped_column(default=10_000)
    proximity_reason: Mapped[str] = mapped_column(sa.Text, default="")
    required: Mapped[list[dict]] = mapped_column(sa.JSON, default=list)
    preferred: Mapped[list[dict]] = mapped_column(sa.JSON, default=list)
    qualifications: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    months: Mapped[frozenset[int]] = mapped_column(MonthSet, default=frozenset)
    weights: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    budget_with_vat: Mapped[bool | None]
    notice_link: Mapped[str] = mapped_column(sa.String(255), default="")
    period_from: Mapped[date | None] = mapped_column(sa.Date)
    period_until: Mapped[date | None] = mapped_column(sa.Date)
    estimated_value: Mapped[int | None] = mapped_column(sa.BigInteger)
    particulars: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("demand.id", ondelete="SET NULL"))
    sent_as: Mapped[str | None] = mapped_column(sa.String(64))
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    questions_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (sa.Index("ix_demand_sent_as", "author_id", "sent_as", unique=True),)

    organisation: Mapped[Organisation | None] = relationship()
    author: Mapped[User | None] = relationship()
    lots: Mapped[list["Lot"]] = relationship(
        cascade="all, delete-orphan", order_by="Lot.position", lazy="selectin"
    )


class Lot(Model):
    """One line: category or CPV, ``quantity`` in thousandths of ``unit``, ``budget`` per unit in ten-thousandths of a euro."""

    __tablename__ = "lot"

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    category: Mapped[str | None] = mapped_column(sa.String(80))
    cpv: Mapped[str | None] = mapped_column(sa.String(8))
    text: Mapped[str] = mapped_column(sa.String(200), default="")
    quantity: Mapped[int | None] = mapped_column(sa.BigInteger)
    unit: Mapped[str | None] = mapped_column(sa.String(20))
    budget: Mapped[int | None] = mapped_column(sa.BigInteger)
    splittable: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (sa.UniqueConstraint("demand_id", "position"),)
