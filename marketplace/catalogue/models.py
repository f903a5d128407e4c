"""What organisations offer."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, MonthSet, UTCDateTime
from marketplace.organisations.models import Claim, Organisation


class OfferStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Offer(Model):
    """One good or service of an organisation.

    ``price`` is in ten-thousandths of a euro per ``unit``, VAT included;
    ``None`` means on request. ``vat_rate`` in hundredths of a percent.
    ``available``, ``box_size``, ``minimum``, ``multiple``, ``maximum_per_member`` and
    ``capacity`` (per ``capacity_period``, "week" or "month") are in thousandths of
    ``unit``. ``open_price`` maps raw_material, labour, transport and margin to
    hundredths of a percent of the price; ``food`` is the food sheet by field.
    ``area_ids`` names those of the organisation's delivery areas where this offer goes; ``None`` means all.
    ``version`` guards against two editors saving over each other.
    """

    __tablename__ = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str | None] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    category: Mapped[str] = mapped_column(sa.String(80), index=True)
    unit: Mapped[str] = mapped_column(sa.String(20))
    price: Mapped[int | None] = mapped_column(sa.BigInteger)
    vat_treatment: Mapped[str] = mapped_column(sa.String(20), default="vat_22")
    vat_rate: Mapped[int] = mapped_column(default=2200)
    box_size: Mapped[int | None] = mapped_column(sa.BigInteger)
    available: Mapped[int | None] = mapped_column(sa.BigInteger)
    months: Mapped[frozenset[int]] = mapped_column(MonthSet, default=frozenset)
    lead_time_days: Mapped[int | None]
    minimum: Mapped[int | None] = mapped_column(sa.BigInteger)
    multiple: Mapped[int | None] = mapped_column(sa.BigInteger)
    maximum_per_member: Mapped[int | None] = mapped_column(sa.BigInteger)
    capacity: Mapped[int | None] = mapped_column(sa.BigInteger)
    capacity_period: Mapped[str | None] = mapped_column(sa.String(5))
    open_price: Mapped[dict | None] = mapped_column(sa.JSON)
    food: Mapped[dict | None] = mapped_column(sa.JSON)
    area_ids: Mapped[list[int] | None] = mapped_column(sa.JSON)
    status: Mapped[str] = mapped_column(sa.String(10), default=OfferStatus.DRAFT, index=True)
    version: Mapped[int] = mapped_column(default=1)
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    claims: Mapped[list[Claim]] = relationship(cascade="all, delete-orphan", order_by=Claim.id)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "key"),
        sa.CheckConstraint("price >= 0", name="price"),
        sa.CheckConstraint("available >= 0", name="available"),
    )
