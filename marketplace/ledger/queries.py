"""Balances, statements and what a household may still spend: every amount is a sum of sides, in cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.households.models import GroupSettings, Household
from marketplace.ledger import writing
from marketplace.ledger.entries import EntryKind, in_hand
from marketplace.ledger.models import Account, AccountKind, Entry, Side
from marketplace.orders.booking_models import Basket, Booking
from marketplace.orders.models import CycleProduct, OrderCycle
from marketplace.orders.totals import Line

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Balance:
    """An account and what is on it, as people read it: a household's credit, what a supplier has to get, the cash."""

    account: Account
    household: Household | None
    amount: int


def balances(session: Session, organisation_id: int, *, until: date | None = None) -> list[Balance]:
    """Every account of a group, by kind and name; ``until``: counting entries up to this day. One query."""
    counted = (
        sa.select(Side.account_id, sa.func.sum(Side.amount).label("amount"))
        .join(Account, Account.id == Side.account_id)
        .where(Account.organisation_id == organisation_id)
        .group_by(Side.account_id)
    )
    if until is not None:
        counted = counted.join(Entry, Entry.id == Side.entry_id).where(Entry.day <= until)
    sums = counted.subquery()
    rows = session.execute(
        sa.select(Account, Household, sums.c.amount)
        .outerjoin(Household, Household.id == Account.household_id)
        .outerjoin(sums, sums.c.account_id == Account.id)
        .where(Account.organisation_id == organisation_id)
    )
    found = [
        Balance(account, home, in_hand(account.kind, int(amount or 0))) for account, home, amount in rows
    ]
    return sorted(
        found,
        key=lambda row: (
            row.account.kind,
            (row.household.name if row.household else row.account.name).casefold(),
            row.account.id,
        ),
    )


def household_balance(session: Session, household_id: int) -> int:
    """A household's credit, negative where it owes; 0 without any entry."""
    return int(
        session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(Side.amount), 0))
            .join(Account, Account.id == Side.account_id)
            .where(Account.household_id == household_id)
        )
    )


def spendable(session: Session, household_id: int, *, cycle_id: int | None = None) -> int | None:
    """For how many cents the household may book without going below what its group allows; ``None``: without limit.

    Counted are its credit and what it has booked elsewhere that was not charged yet; with ``cycle_id`` its booking in
    this order is left out. Negative where it is below already; a group without accounts, or without limit, allows all.
    """
    lowest = session.scalar(_LOWEST_BALANCE, {"household": household_id})
    if lowest is None:
        return None
    return household_balance(session, household_id) - _pending(session, household_id, cycle_id) - lowest


# made once: every booking asks it
_LOWEST_BALANCE = (
    sa.select(GroupSettings.lowest_balance)
    .join(Household, Household.organisation_id == GroupSettings.organisation_id)
    .where(Household.id == sa.bindparam("household"), GroupSettings.keeps_accounts)
)


def _pending(session: Session, household_id: int, but_cycle: int | None) -> int:
    """Goods that were booked in orders that are neither charged nor paid nor cancelled."""
    charged = (
        sa.select(Entry.cycle_id)
        .join(Side, Side.entry_id == Entry.id)
        .join(Account, Account.id == Side.account_id)
        .where(
            Account.household_id == household_id,
            Entry.kind == EntryKind.CHARGE,
            Entry.cycle_id.is_not(None),
            ~writing.is_reversed(),
        )
    )
    query = (
        sa.select(
            Basket.id, Basket.group_id, CycleProduct.source_id, CycleProduct.id, Booking.quantity, CycleProduct.unit,
            CycleProduct.price, CycleProduct.vat_rate, CycleProduct.piece_weight,
        )
        .join(Booking, Booking.basket_id == Basket.id)
        .join(CycleProduct, CycleProduct.id == Booking.product_id)
        .join(OrderCycle, OrderCycle.id == Basket.cycle_id)
        .where(
            Basket.household_id == household_id,
            Basket.paid_at.is_(None),
            OrderCycle.cancelled_at.is_(None),
            OrderCycle.settled_at.is_(None),
            Basket.cycle_id.not_in(charged),
        )
    )  # fmt: skip
    if but_cycle is not None:
        query = query.where(Basket.cycle_id != but_cycle)
    return sum(Line(*row).goods for row in session.execute(query))


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A movement of one account: how much, and what was on it afterwards, as people read it."""

    entry: Entry
    amount: int
    balance: int
    taken_back: bool


def statement(
    session: Session, account: Account, *, page: int = 1, year: int | None = None
) -> tuple[list[StatementRow], int]:
    """Movements of an account, the newest first, fifty a page, and how many there are. By day, then as written."""
    later = sa.orm.aliased(Entry)
    back = sa.exists(sa.select(later.id).where(later.reverses_id == Entry.id).correlate(Entry))
    running = sa.func.sum(Side.amount).over(order_by=(Entry.day, Entry.id)).label("running")
    query = (
        sa.select(Entry, Side.amount, running, back)
        .join(Side, Side.entry_id == Entry.id)
        .where(Side.account_id == account.id)
        .options(sa.orm.lazyload(Entry.sides))
    )
    count = session.scalar(sa.select(sa.func.count()).where(Side.account_id == account.id))
    rows = session.execute(
        query.order_by(Entry.day.desc(), Entry.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    )
    return [
        StatementRow(entry, in_hand(account.kind, amount), in_hand(account.kind, int(balance)), taken_back)
        for entry, amount, balance, taken_back in rows
    ], count


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A movement with the accounts that it touches; ``taken_back_by`` is the entry that takes it back."""

    entry: Entry
    sides: Sequence[tuple[Account, Household | None, int]]
    taken_back_by: int | None

    @property
    def amount(self) -> int:
        """What was moved: the sum of the positive sides."""
        return sum(cents for _account, _household, cents in self.sides if cents > 0)


def entries(
    session: Session,
    organisation_id: int,
    *,
    page: int = 1,
    per_page: int | None = PER_PAGE,
    first: date | None = None,
    last: date | None = None,
    entry_id: int | None = None,
) -> tuple[list[EntryRow], int]:
    """Movements of a group, the newest first, and how many there are. Three queries; ``per_page`` ``None``: all."""
    wanted = [Entry.organisation_id == organisation_id]
    if entry_id is not None:
        wanted.append(Entry.id == entry_id)
    if first is not None:
        wanted.append(Entry.day >= first)
    if last is not None:
        wanted.append(Entry.day <= last)
    count = session.scalar(sa.select(sa.func.count(Entry.id)).where(*wanted))
    later = sa.orm.aliased(Entry)
    query = (
        sa.select(Entry, later.id)
        .outerjoin(later, later.reverses_id == Entry.id)
        .where(*wanted)
        .options(sa.orm.lazyload(Entry.sides))
        .order_by(Entry.day.desc(), Entry.id.desc())
    )
    if per_page is not None:
        query = query.limit(per_page).offset((page - 1) * per_page)
    rows = session.execute(query).all()
    sides: dict[int, list] = {entry.id: [] for entry, _later in rows}
    asked = sa.select(Side.entry_id, Side.amount, Account, Household).join(
        Account, Account.id == Side.account_id
    )
    asked = asked.outerjoin(Household, Household.id == Account.household_id)
    asked = (
        asked.where(Side.entry_id.in_(sides))
        if per_page is not None
        else asked.join(Entry, Entry.id == Side.entry_id).where(*wanted)
    )
    for found_id, amount, account, home in session.execute(asked.order_by(Side.entry_id, Side.position)):
        sides[found_id].append((account, home, amount))
    return [EntryRow(entry, sides[entry.id], later_id) for entry, later_id in rows], count


def one_entry(session: Session, organisation_id: int, entry_id: int) -> EntryRow:
    """Raises :class:`NotFound` for what is not of this group."""
    found, _count = entries(session, organisation_id, entry_id=entry_id)
    if not found:
        raise NotFound
    return found[0]


def account_of(session: Session, organisation_id: int, account_id: int) -> Balance:
    """One account of the group. Raises :class:`NotFound`."""
    for row in balances(session, organisation_id):
        if row.account.id == account_id:
            return row
    raise NotFound


def household_account(session: Session, household_id: int) -> Account | None:
    return session.scalar(sa.select(Account).where(Account.household_id == household_id))


def supplier_names(session: Session, organisation_id: int) -> list[str]:
    """Suppliers with whom the group has accounts, by name."""
    return sorted(
        session.scalars(
            sa.select(Account.name).where(
                Account.organisation_id == organisation_id, Account.kind == AccountKind.SUPPLIER
            )
        ),
        key=str.casefold,
    )
