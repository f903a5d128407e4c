"""Accounts, entries and their two or more sides; bank statements; suppliers' invoices. Amounts in cents.

Entries are never changed and never deleted: a correction is a new entry. A balance is a sum, never a field.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from marketplace.db import Model, UTCDateTime


class AccountKind(StrEnum):
    HOUSEHOLD = "household"
    SUPPLIER = "supplier"
    CASH = "cash"
    BANK = "bank"
    FEES = "fees"
    DEPOSITS = "deposits"
    COSTS = "costs"
    OPENING = "opening"


class Account(Model):
    """One account of a group's cassa; there is one per household, one per supplier, one of each other kind."""

    __tablename__ = "ledger_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(12))
    household_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("household.id", ondelete="RESTRICT"), unique=True
    )
    name: Mapped[str] = mapped_column(sa.String(160), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.UniqueConstraint("organisation_id", "kind", "household_id", "name"),)


class Entry(Model):
    """One movement; its sides add up to zero. ``key`` makes what happens once happen once ("charge:12").

    ``day`` is when it counts (Rome), ``at`` when it was written. ``reverses_id`` is the entry that it takes back.
    """

    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    day: Mapped[date] = mapped_column(sa.Date, index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[str] = mapped_column(sa.String(200), default="")
    cycle_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("order_cycle.id", ondelete="SET NULL"), index=True
    )
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_entry.id"), unique=True)
    key: Mapped[str | None] = mapped_column(sa.String(80))
    actor_id: Mapped[int | None]

    sides: Mapped[list["Side"]] = relationship(
        order_by="Side.position", lazy="selectin", passive_deletes="all"
    )

    __table_args__ = (sa.UniqueConstraint("organisation_id", "key"),)


class Side(Model):
    """What an entry does to one account: positive is in its favour (a household's credit grows), negative against."""

    __tablename__ = "ledger_side"

    entry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("ledger_entry.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_account.id"), index=True)
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class StatementLine(Model):
    """A line of a bank's statement; ``fingerprint`` lets the same file be loaded twice without harm."""

    __tablename__ = "statement_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    day: Mapped[date] = mapped_column(sa.Date)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    counterparty: Mapped[str] = mapped_column(sa.String(160), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_entry.id"), unique=True)
    set_aside_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    loaded_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.UniqueConstraint("organisation_id", "fingerprint"),)


class SupplierInvoice(Model):
    """The supplier's fiscal document for one group of a cycle. ``rates``: list of {rate, net, vat}; amounts in cents."""

    __tablename__ = "supplier_invoice"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle_source.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("cycle_group.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(sa.String(40))
    issued: Mapped[date] = mapped_column(sa.Date)
    total: Mapped[int] = mapped_column(sa.BigInteger)
    rates: Mapped[list[dict]] = mapped_column(sa.JSON, default=list)
    stored_as: Mapped[str] = mapped_column(sa.String(80), default="")
    registered_by_id: Mapped[int | None]
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.UniqueConstraint("source_id", "group_id", "number"),)


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete an entry; databases refuse it as well (by triggers)."""


def _refuse_change(mapper, connection, target) -> None:
    if object_session(target).is_modified(target, include_collections=False):
        raise AppendOnly(f"{type(target).__name__} is never changed")


def _refuse_deletion(mapper, connection, target) -> None:
    raise AppendOnly(f"{type(target).__name__} is never deleted")


for _table in (Entry, Side):
    sa.event.listen(_table, "before_update", _refuse_change)
    sa.event.listen(_table, "before_delete", _refuse_deletion)
