"""Who owes what for an order, and the same as a text for a chat of the group. Amounts in cents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.formats import money
from marketplace.households.models import GroupSettings, Household
from marketplace.ledger import queries, writing
from marketplace.ledger.models import Account, AccountKind, Entry, Side
from marketplace.ledger.standing_charges import charges_so_far
from marketplace.orders.access import taking_part
from marketplace.orders.booking_models import Basket
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.orders.queries import baskets_of_group
from marketplace.orders.totals import Total

#: Orders on the page of the cassa.
LAST_ORDERS = 20


@dataclass(frozen=True, slots=True)
class Owing:
    """One household in an order. ``paid`` at the table; ``charged`` to its account, ``None`` where it was not.

    ``balance`` is what is on its account now, negative where it owes.
    """

    household: Household
    basket: Basket
    total: int
    paid: int
    charged: int | None
    balance: int = 0

    @property
    def left(self) -> int:
        return self.total - self.paid

    @property
    def afterwards(self) -> int:
        """What is on its account once the order is charged to it as it is now."""
        return self.balance - (self.total - (self.charged or 0))

    @property
    def is_paid(self) -> bool:
        """Nothing is left of it: who has paid a part still owes the rest."""
        return self.left <= 0


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """All households of one group in an order; the sums are those of its rows."""

    rows: Sequence[Owing]

    @property
    def total(self) -> int:
        return sum(row.total for row in self.rows)

    @property
    def paid(self) -> int:
        return sum(row.paid for row in self.rows)

    @property
    def left(self) -> int:
        return self.total - self.paid

    @property
    def below_zero(self) -> int:
        """What has still to be paid into the cassa by those whom the order brings below zero."""
        return sum(max(0, -row.afterwards) for row in self.rows)

    @property
    def to_charge(self) -> int:
        """Households whose account does not say what the order says."""
        return sum((row.charged or 0) != row.total for row in self.rows)


def order_money(
    session: Session, cycle: OrderCycle, group: CycleGroup, totals: Mapping[int, Total]
) -> OrderMoney:
    """For the group's own editors, by name; ``totals`` by basket. A fixed number of queries."""
    organisation_id = group.organisation_id
    at_table = _paid_at_table(session, organisation_id, cycle.id)
    standing, _tries = charges_so_far(session, organisation_id, cycle.id)
    accounts = {
        row.account.id: row
        for row in queries.balances(session, organisation_id)
        if row.account.kind == AccountKind.HOUSEHOLD
    }
    balances = {row.account.household_id: row.amount for row in accounts.values()}
    charged = {
        basket: sum(-side.amount for side in entry.sides if side.account_id in accounts)
        for basket, entry in standing.items()
    }
    return OrderMoney(
        [
            Owing(
                row.household,
                row.basket,
                row.total.amount,
                (row.basket.paid or 0) + at_table.get(row.basket.id, 0),
                charged.get(row.basket.id),
                balances.get(row.household.id, 0),
            )
            for row in baskets_of_group(session, cycle, group, totals)
        ]
    )


def _paid_at_table(session: Session, organisation_id: int, cycle_id: int) -> dict[int, int]:
    """Cents by basket, of the payments of the cassa that were not taken back."""
    rows = session.execute(
        sa.select(Entry.key, Side.amount)
        .join(Side, Side.entry_id == Entry.id)
        .join(Account, Account.id == Side.account_id)
        .where(
            Entry.organisation_id == organisation_id,
            Entry.cycle_id == cycle_id,
            Entry.key.startswith("table:"),
            Account.kind == AccountKind.HOUSEHOLD,
            ~writing.is_reversed(),
        )
    )
    return {int(key.split(":")[1]): amount for key, amount in rows}


def orders_to_settle(session: Session, organisation_id: int, now: datetime) -> Sequence[OrderCycle]:
    """The orders of a group whose shares are worked out, the newest first."""
    return session.scalars(
        sa.select(OrderCycle)
        .join(CycleGroup, CycleGroup.cycle_id == OrderCycle.id)
        .where(
            CycleGroup.organisation_id == organisation_id,
            taking_part(),
            OrderCycle.fixed_at.is_not(None),
            OrderCycle.cancelled_at.is_(None),
        )
        .order_by(OrderCycle.fixed_at.desc(), OrderCycle.id.desc())
        .limit(LAST_ORDERS)
    ).all()


def ready_text(cycle: OrderCycle, found: OrderMoney, settings: GroupSettings) -> str:
    """Who still owes what, a line each; it names households, so it is for the group's own chat. Empty where nobody does.

    Where the group keeps accounts, who owes is who is below zero once the order is charged.
    """
    if settings.keeps_accounts:
        owing = [(row.household.name, -row.afterwards) for row in found.rows if row.afterwards < 0]
    else:
        owing = [(row.household.name, row.left) for row in found.rows if not row.is_paid]
    if not owing:
        return ""
    head = _("To be paid into the cassa:") if settings.keeps_accounts else _("Still to be paid:")
    lines = [f"*{cycle.title}*", head]
    lines += [f"{name}: {money(cents)}" for name, cents in owing]
    lines.append(_("In all: %(amount)s", amount=money(sum(cents for _name, cents in owing))))
    if settings.iban:
        lines.append(
            f"IBAN {settings.iban}" + (f", {settings.account_holder}" if settings.account_holder else "")
        )
    return "\n".join(lines)
