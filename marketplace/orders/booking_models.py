"""What households book, and what became of it. Units as in :mod:`marketplace.orders.models`."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, UTCDateTime


class Phase(StrEnum):
    OPEN = "open"
    COMPLETION = "completion"
    AFTER = "after"  # by a referente, after closing


class Basket(Model):
    """One household's part of a cycle: its bookings, where it collects, whether it collected and paid.

    ``note`` can reveal health: only the group's referenti read it, and it is deleted with the order's retention.
    ``paid`` in cents at the table; with a cassa the ledger says it instead.
    """

    __tablename__ = "basket"

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("order_cycle.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle_group.id", ondelete="CASCADE"), index=True)
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("household.id", ondelete="RESTRICT"), index=True)
    place_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("pickup_place.id", ondelete="SET NULL"), index=True
    )
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    collected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid: Mapped[int | None] = mapped_column(sa.BigInteger)
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_to_id: Mapped[int | None]

    bookings: Mapped[list["Booking"]] = relationship(
        cascade="all, delete-orphan", order_by="Booking.id", back_populates="basket"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("cycle_id", "household_id"),)


class Booking(Model):
    """How much of one product a household wants: ``quantity``, and up to ``tolerance`` more where it fills a box.

    ``booked_at`` decides who comes first; raising a quantity later does not lose it, the rise counts from then
    (marketplace.orders.booking_time).
    """

    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    basket_id: Mapped[int] = mapped_column(sa.ForeignKey("basket.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle_product.id", ondelete="CASCADE"), index=True)
    quantity: Mapped[int] = mapped_column(sa.BigInteger)
    tolerance: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    booked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    booked_by_id: Mapped[int | None]

    basket: Mapped[Basket] = relationship(back_populates="bookings")

    __table_args__ = (
        sa.UniqueConstraint("basket_id", "product_id"),
        sa.CheckConstraint("quantity >= 0 AND tolerance >= 0", name="amounts"),
    )


class BookingChange(Model):
    """A booking changed: never changed itself, never deleted before the order's retention."""

    __tablename__ = "booking_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    basket_id: Mapped[int] = mapped_column(sa.ForeignKey("basket.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle_product.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    phase: Mapped[str] = mapped_column(sa.String(10))
    quantity_before: Mapped[int] = mapped_column(sa.BigInteger)
    quantity_after: Mapped[int] = mapped_column(sa.BigInteger)
    tolerance_before: Mapped[int] = mapped_column(sa.BigInteger)
    tolerance_after: Mapped[int] = mapped_column(sa.BigInteger)


class Submission(Model):
    """A form or a tick that was taken, by the key its page made: sent again, it gets the same answer and does nothing."""

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    cycle_id: Mapped[int] = mapped_column(sa.ForeignKey("order_cycle.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[dict] = mapped_column(sa.JSON, default=dict)


class GroupAllotment(Model):
    """What a group gets of a product; ``reasons`` say why it differs from what was booked (codes and numbers)."""

    __tablename__ = "group_allotment"

    product_id: Mapped[int] = mapped_column(
        sa.ForeignKey("cycle_product.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        sa.ForeignKey("cycle_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    quantity: Mapped[int] = mapped_column(sa.BigInteger)
    reasons: Mapped[list[dict]] = mapped_column(sa.JSON, default=list)


class Allotment(Model):
    """What a household gets of a product, and what it really got.

    ``delivered`` in thousandths of the unit (``None``: as allotted); ``weight`` in grams where paid by weight;
    ``returned`` containers given back, in pieces.
    """

    __tablename__ = "allotment"

    product_id: Mapped[int] = mapped_column(
        sa.ForeignKey("cycle_product.id", ondelete="CASCADE"), primary_key=True
    )
    basket_id: Mapped[int] = mapped_column(
        sa.ForeignKey("basket.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    quantity: Mapped[int] = mapped_column(sa.BigInteger)
    reasons: Mapped[list[dict]] = mapped_column(sa.JSON, default=list)
    delivered: Mapped[int | None] = mapped_column(sa.BigInteger)
    weight: Mapped[int | None] = mapped_column(sa.BigInteger)
    returned: Mapped[int] = mapped_column(default=0)
    ticked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ticked_by_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.String(200), default="")


class OrderNotice(Model):
    """A household or group was told of something that is told once: a reminder, a box that it could help to fill."""

    __tablename__ = "order_notice"

    cycle_id: Mapped[int] = mapped_column(
        sa.ForeignKey("order_cycle.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    household_id: Mapped[int] = mapped_column(
        sa.ForeignKey("household.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
