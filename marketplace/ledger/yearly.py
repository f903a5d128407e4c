"""A year of a group's cassa: what came, what went, and what was there at both ends. Amounts in cents."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.households.models import Household
from marketplace.ledger.entries import EntryKind, in_hand
from marketplace.ledger.models import Account, AccountKind, Entry, Side

#: Years of which there may be a report.
FIRST, LAST = 2000, 2100
#: What counts as money that a household paid in.
PAID_IN = frozenset({EntryKind.CASH, EntryKind.TRANSFER, EntryKind.ADVANCE})


@dataclass(frozen=True, slots=True)
class YearRow:
    """An account in a year. ``kinds``: what changed it, as people read it, corrections counted with what they correct."""

    account: Account
    household: Household | None
    before: int
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def after(self) -> int:
        return self.before + sum(self.kinds.values())

    @property
    def paid_in(self) -> int:
        return sum(cents for kind, cents in self.kinds.items() if kind in PAID_IN)

    @property
    def charged(self) -> int:
        return self.kinds.get(EntryKind.CHARGE, 0)

    @property
    def fees(self) -> int:
        return self.kinds.get(EntryKind.FEE, 0)

    @property
    def other(self) -> int:
        return self.after - self.before - self.paid_in - self.charged - self.fees


@dataclass(frozen=True, slots=True)
class YearReport:
    year: int
    rows: Sequence[YearRow]

    def of(self, kind: str) -> list[YearRow]:
        return [row for row in self.rows if row.account.kind == kind]

    @property
    def homes(self) -> list[YearRow]:
        return self.of(AccountKind.HOUSEHOLD)

    @property
    def suppliers(self) -> list[YearRow]:
        return self.of(AccountKind.SUPPLIER)

    @property
    def group(self) -> list[YearRow]:
        """Cash, bank, fees, deposits, costs, opening balances."""
        return [
            row for row in self.rows if row.account.kind not in (AccountKind.HOUSEHOLD, AccountKind.SUPPLIER)
        ]


def paid_to(row: YearRow) -> int:
    """What a supplier was paid in the year."""
    return -row.kinds.get(EntryKind.SUPPLIER_PAID, 0)


def year_report(session: Session, organisation_id: int, year: int) -> YearReport:
    """Two queries, however long the year was."""
    taken_back = sa.orm.aliased(Entry)
    # an entry that takes another back counts as one of its kind
    kind = sa.func.coalesce(taken_back.kind, Entry.kind)
    early = (Entry.day < date(year, 1, 1)).label("early")
    rows = session.execute(
        sa.select(Side.account_id, early, kind, sa.func.sum(Side.amount))
        .join(Entry, Entry.id == Side.entry_id)
        .outerjoin(taken_back, taken_back.id == Entry.reverses_id)
        .where(Entry.organisation_id == organisation_id, Entry.day <= date(year, 12, 31))
        # by its name: PostgreSQL takes the same expression with another parameter for another one
        .group_by(Side.account_id, sa.text("early"), kind)
    )
    before: dict[int, int] = defaultdict(int)
    during: dict[int, dict[str, int]] = defaultdict(dict)
    for account_id, is_early, kind_, cents in rows:
        if is_early:
            before[account_id] += int(cents)
        elif cents:
            during[account_id][kind_] = int(cents)
    accounts = session.execute(
        sa.select(Account, Household)
        .outerjoin(Household, Household.id == Account.household_id)
        .where(Account.organisation_id == organisation_id)
    ).all()
    found = [
        YearRow(
            account,
            home,
            in_hand(account.kind, before[account.id]),
            {kind_: in_hand(account.kind, cents) for kind_, cents in during[account.id].items()},
        )
        for account, home in accounts
    ]
    found.sort(
        key=lambda row: (row.account.kind, (row.household.name if row.household else row.account.name).casefold(), row.account.id)
    )  # fmt: skip
    return YearReport(year, [row for row in found if row.before or row.kinds])
