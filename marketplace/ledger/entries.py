"""Double entry as plain values: every movement has sides that add up to zero, and a balance is the sum of sides.

A side is positive where it is in the account's favour. A household's credit, what a supplier has still to get and what
the group earned by fees are positive; cash and bank are negative by as much as is there, because they owe it to the
others (:func:`in_hand` turns the sign for those who read). All amounts are cents.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.ledger.models import AccountKind
from marketplace.orders.sharing import share_out


class EntryKind(StrEnum):
    CHARGE = "charge"
    CASH = "cash"  # a household pays in cash
    TRANSFER = "transfer"  # a household pays by bank transfer
    ADVANCE = "advance"
    REFUND = "refund"
    DEPOSIT = "deposit"
    FEE = "fee"
    SUPPLIER_PAID = "supplier_paid"
    COST = "cost"
    MOVED = "moved"  # from the cash to the bank, or back
    OPENING = "opening"
    REVERSAL = "reversal"


#: Accounts that hold money, and what the group spent: their balance is read with the sign turned.
HELD = frozenset({AccountKind.CASH, AccountKind.BANK, AccountKind.COSTS, AccountKind.OPENING})


@dataclass(frozen=True, slots=True)
class AccountKey:
    """Which account of a group: one per household, one per supplier's name, one of each other kind."""

    kind: AccountKind
    household: int | None = None
    name: str = ""


CASH, BANK = AccountKey(AccountKind.CASH), AccountKey(AccountKind.BANK)
FEES, DEPOSITS = AccountKey(AccountKind.FEES), AccountKey(AccountKind.DEPOSITS)
COSTS, OPENING = AccountKey(AccountKind.COSTS), AccountKey(AccountKind.OPENING)


def household(household_id: int) -> AccountKey:
    return AccountKey(AccountKind.HOUSEHOLD, household=household_id)


def supplier(name: str) -> AccountKey:
    return AccountKey(AccountKind.SUPPLIER, name=name[:160])


class NothingToWrite(ValueError):
    """A movement of no amount."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A movement to be written: its sides by account. Raises ValueError unless they add up to zero, none being 0."""

    kind: EntryKind
    sides: Mapping[Hashable, int]

    def __post_init__(self) -> None:
        if not self.sides:
            raise NothingToWrite
        if sum(self.sides.values()) != 0 or not all(self.sides.values()):
            raise ValueError(f"sides do not add up: {dict(self.sides)}")


def _draft(kind: EntryKind, *sides: tuple[AccountKey, int]) -> Draft:
    found: dict[AccountKey, int] = defaultdict(int)
    for account, cents in sides:
        found[account] += cents
    return Draft(kind, {account: cents for account, cents in found.items() if cents})


def charge(household_id: int, parts: Mapping[AccountKey, int]) -> Draft:
    """What a household owes for an order, by whom it goes to; parts of discounts and returned deposits are negative."""
    return _draft(EntryKind.CHARGE, (household(household_id), -sum(parts.values())), *parts.items())


def payment(household_id: int, cents: int, into: AccountKey = CASH) -> Draft:
    kind = EntryKind.TRANSFER if into == BANK else EntryKind.CASH
    return _draft(kind, (household(household_id), cents), (into, -cents))


def advance(household_id: int, cents: int, into: AccountKey = CASH) -> Draft:
    """Money put aside for orders to come."""
    return _draft(EntryKind.ADVANCE, (household(household_id), cents), (into, -cents))


def refund(household_id: int, cents: int, out_of: AccountKey = CASH) -> Draft:
    """Credit given back to a household in money."""
    return _draft(EntryKind.REFUND, (household(household_id), -cents), (out_of, cents))


def deposit(household_id: int, cents: int) -> Draft:
    """Kept for containers or a key out of a household's credit; a negative amount gives it back."""
    return _draft(EntryKind.DEPOSIT, (household(household_id), -cents), (DEPOSITS, cents))


def fee(household_id: int, cents: int) -> Draft:
    """The membership fee: the only thing that a group asks for itself (it adds no mark-up)."""
    return _draft(EntryKind.FEE, (household(household_id), -cents), (FEES, cents))


def supplier_paid(name: str, cents: int, out_of: AccountKey = BANK) -> Draft:
    return _draft(EntryKind.SUPPLIER_PAID, (supplier(name), -cents), (out_of, cents))


def cost(cents: int, out_of: AccountKey = CASH) -> Draft:
    """A documented cost that the group paid."""
    return _draft(EntryKind.COST, (COSTS, -cents), (out_of, cents))


def shared_cost(cents: int, households: Iterable[int]) -> Draft:
    """A documented cost borne by households alike, to the cent. Raises ValueError without households."""
    shares = share_out(cents, dict.fromkeys(households, 1))
    return _draft(
        EntryKind.COST, (COSTS, cents), *((household(one), -share) for one, share in shares.items())
    )


def moved(cents: int, out_of: AccountKey = CASH, into: AccountKey = BANK) -> Draft:
    """Takings brought to the bank, or fetched from it."""
    return _draft(EntryKind.MOVED, (into, -cents), (out_of, cents))


def opening(account: AccountKey, cents: int) -> Draft:
    """What was on an account before: a household's credit (negative: its debt), what is in the cash or the bank."""
    in_favour = -cents if account.kind in HELD else cents
    return _draft(EntryKind.OPENING, (account, in_favour), (OPENING, -in_favour))


def reversal(sides: Mapping[Hashable, int]) -> Draft:
    """What takes a movement back: the same accounts, every sign turned."""
    return Draft(EntryKind.REVERSAL, {account: -cents for account, cents in sides.items()})


def balances(drafts: Iterable[Draft]) -> dict[Hashable, int]:
    """The sum of the sides of each account; accounts that come to nothing are left out."""
    found: dict[Hashable, int] = defaultdict(int)
    for draft in drafts:
        for account, cents in draft.sides.items():
            found[account] += cents
    return {account: cents for account, cents in found.items() if cents}


def in_hand(kind: str, balance: int) -> int:
    """A balance as people read it: what is in the cash, at the bank or was spent is positive."""
    return -balance if kind in HELD else balance
