"""Households (famiglie) of a purchasing group. The group is the controller of these data (PRACTICE, Purchasing groups 8)."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class Household(Model):
    """Who orders together; some have nobody who signs in, and a referente books for them.

    ``key`` is the name by which an imported file knows it. Once it has left, ``name`` can be erased: bookings and
    ledger keep the id.
    """

    __tablename__ = "household"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str | None] = mapped_column(sa.String(80))
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(255), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    joined_on: Mapped[date | None] = mapped_column(sa.Date)
    left_on: Mapped[date | None] = mapped_column(sa.Date)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.UniqueConstraint("organisation_id", "key"),)


class HouseholdMember(Model):
    """A person who books for a household of a group that they belong to."""

    __tablename__ = "household_member"

    household_id: Mapped[int] = mapped_column(
        sa.ForeignKey("household.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class GroupSettings(Model):
    """What a group decided for all its orders. Amounts in cents.

    ``keeps_accounts``: there is a cassa with prepaid credit, else everybody pays at delivery. ``lowest_balance`` is how
    far below zero a household may go (0 or negative; ``None``: no limit). Notes of bookings are deleted
    ``retention_days`` after an order is settled.
    """

    __tablename__ = "group_settings"

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    keeps_accounts: Mapped[bool] = mapped_column(default=False)
    lowest_balance: Mapped[int | None] = mapped_column(sa.BigInteger)
    yearly_fee: Mapped[int | None] = mapped_column(sa.BigInteger)
    iban: Mapped[str] = mapped_column(sa.String(34), default="")
    account_holder: Mapped[str] = mapped_column(sa.String(70), default="")
    retention_days: Mapped[int] = mapped_column(default=180)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
