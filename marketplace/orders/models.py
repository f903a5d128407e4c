"""A group order: the cycle, whose catalogue, which products, which groups, where it is collected.

Prices are in ten-thousandths of a euro per unit, VAT included; quantities in thousandths of the unit; amounts in cents.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, UTCDateTime


class MinimumChoice(StrEnum):
    """What the coordinator chose where the minimum was not reached."""

    EXTENDED = "extended"
    MERGED = "merged"
    SENT_ANYWAY = "sent_anyway"
    RELEASED = "released"


class OrderCycle(Model):
    """One order of one or more groups. Its state follows from its moments (marketplace.orders.lifecycle).

    ``organisation_id`` is the coordinating group, ``coordinator_id`` the person. Until ``confirmed_at`` it is a draft.
    After ``closes_at`` and until ``completion_until`` only what helps an open box is accepted. ``fixed_at`` is when boxes
    and allotment were worked out and charged, once. ``open_to_groups``: other groups see it and may ask to join.
    """

    __tablename__ = "order_cycle"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    coordinator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    series_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("order_series.id", ondelete="SET NULL"), index=True
    )
    demand_id: Mapped[int | None] = mapped_column(sa.ForeignKey("demand.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(sa.String(160))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    completion_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivery_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivery_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    minimum_total: Mapped[int | None] = mapped_column(sa.BigInteger)
    maximum_total: Mapped[int | None] = mapped_column(sa.BigInteger)
    open_to_groups: Mapped[bool] = mapped_column(default=False)
    minimum_choice: Mapped[str | None] = mapped_column(sa.String(12))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("order_cycle.id", ondelete="SET NULL"))
    cancel_reason: Mapped[str] = mapped_column(sa.Text, default="")
    demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fixed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    sources: Mapped[list["CycleSource"]] = relationship(
        cascade="all, delete-orphan", order_by="CycleSource.id"
    )
    products: Mapped[list["CycleProduct"]] = relationship(
        cascade="all, delete-orphan", order_by="CycleProduct.position"
    )
    groups: Mapped[list["CycleGroup"]] = relationship(cascade="all, delete-orphan", order_by="CycleGroup.id")
    costs: Mapped[list["CycleCost"]] = relationship(cascade="all, delete-orphan", order_by="CycleCost.id")

    __mapper_args__ = {"version_id_col": version}


class OrderSeries(Model):
    """A cycle that comes back: every ``every_weeks`` weeks from the day ``starts_on``, same wall time in Rome.

    ``pattern`` holds days and times relative to the delivery day (marketplace.orders.recurrence). Each occurrence
    becomes a draft to confirm, copied from the newest confirmed cycle of the series.
    """

    __tablename__ = "order_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    every_weeks: Mapped[int]
    starts_on: Mapped[date] = mapped_column(sa.Date)
    last_made_for: Mapped[date | None] = mapped_column(sa.Date)
    pattern: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CycleSource(Model):
    """A supplier of the cycle: a member of ours, or a private list whose supplier never signs in.

    A supplier without an account confirms by a link of which only the hash is kept.
    """

    __tablename__ = "cycle_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("order_cycle.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    private_list_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("private_list.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(160))
    email: Mapped[str] = mapped_column(sa.String(255), default="")
    vat_number: Mapped[str | None] = mapped_column(sa.String(20))
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    message: Mapped[str] = mapped_column(sa.Text, default="")


class CycleProduct(Model):
    """A product as it was when the cycle was opened: its price never changes with the catalogue.

    ``minimum``, ``multiple``, ``maximum_per_member`` rule each booking, ``available`` and ``maximum`` the whole order.
    ``piece_weight``: sold by piece and paid by weight; then ``price`` is per kilogram and this is what one piece weighs
    about, in grams. ``deposit`` is on each container, in cents. ``deliverable`` is what the supplier said it can deliver
    of the whole order (``None``: all of it); ``substitutes_id`` the product in whose place it comes.
    """

    __tablename__ = "cycle_product"

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("order_cycle.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle_source.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id", ondelete="SET NULL"), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("private_list_item.id", ondelete="SET NULL"))
    offer_version: Mapped[int | None]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(80), default="")
    title: Mapped[str] = mapped_column(sa.String(160))
    variant: Mapped[str] = mapped_column(sa.String(80), default="")
    category: Mapped[str | None] = mapped_column(sa.String(80))
    unit: Mapped[str] = mapped_column(sa.String(20))
    price: Mapped[int] = mapped_column(sa.BigInteger)
    vat_treatment: Mapped[str] = mapped_column(sa.String(20), default="vat_22")
    vat_rate: Mapped[int] = mapped_column(default=2200)
    box_size: Mapped[int | None] = mapped_column(sa.BigInteger)
    minimum: Mapped[int | None] = mapped_column(sa.BigInteger)
    multiple: Mapped[int | None] = mapped_column(sa.BigInteger)
    maximum_per_member: Mapped[int | None] = mapped_column(sa.BigInteger)
    available: Mapped[int | None] = mapped_column(sa.BigInteger)
    maximum: Mapped[int | None] = mapped_column(sa.BigInteger)
    piece_weight: Mapped[int | None]
    deposit: Mapped[int | None] = mapped_column(sa.BigInteger)
    deliverable: Mapped[int | None] = mapped_column(sa.BigInteger)
    substitutes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cycle_product.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (sa.CheckConstraint("price >= 0", name="price"),)


class CycleGroup(Model):
    """A group in a cycle, one recipient of the fiscal document. It takes part from ``admitted_at`` until ``left_at``."""

    __tablename__ = "cycle_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("order_cycle.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    referente_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    message: Mapped[str] = mapped_column(sa.Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    admitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    places: Mapped[list["PickupPlace"]] = relationship(
        cascade="all, delete-orphan", order_by="PickupPlace.position"
    )

    __table_args__ = (sa.UniqueConstraint("cycle_id", "organisation_id"),)


class PickupPlace(Model):
    """Where households of a group collect, and when."""

    __tablename__ = "pickup_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle_group.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    lat: Mapped[float | None] = mapped_column(sa.Float)
    lon: Mapped[float | None] = mapped_column(sa.Float)
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Shift(Model):
    """Who hands out at a place and when (turno)."""

    __tablename__ = "shift"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("pickup_place.id", ondelete="CASCADE"), index=True)
    household_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("household.id", ondelete="SET NULL"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(sa.String(200), default="")


class CycleCost(Model):
    """Transport, a discount by threshold, a documented cost: either ``amount`` or ``percent`` of the goods.

    ``split_by``: quantity, price, weight or household. ``threshold``: counts only where the goods reach so many cents.
    ``percent`` in hundredths of a percent. A discount is kept positive and subtracted. ``group_id``: of one group only.
    """

    __tablename__ = "cycle_cost"

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("order_cycle.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cycle_group.id", ondelete="CASCADE"))
    source_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cycle_source.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    label: Mapped[str] = mapped_column(sa.String(120))
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    percent: Mapped[int | None]
    threshold: Mapped[int | None] = mapped_column(sa.BigInteger)
    split_by: Mapped[str] = mapped_column(sa.String(12))
    stored_as: Mapped[str] = mapped_column(sa.String(80), default="")

    __table_args__ = (sa.CheckConstraint("(amount IS NULL) != (percent IS NULL)", name="amount_or_percent"),)
