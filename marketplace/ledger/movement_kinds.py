"""What can be recorded by hand: each kind, what it asks for, and the movement that it becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from marketplace.ledger import entries
from marketplace.ledger.entries import BANK, CASH, AccountKey, Draft


@dataclass(frozen=True, slots=True)
class Answers:
    """What was filled in; ``cents`` is positive. ``members`` are the households that share a cost alike."""

    cents: int
    household: int = 0
    supplier: str = ""
    through: AccountKey = CASH
    members: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class MovementKind:
    """``asks`` names the fields beside amount, day and text: household, supplier, through."""

    label: object
    asks: frozenset[str]
    make: Callable[[Answers], Draft]


def _kind(label, make: Callable[[Answers], Draft], *asks: str) -> MovementKind:
    return MovementKind(label, frozenset(asks), make)


KINDS: dict[str, MovementKind] = {
    "cash": _kind(
        _("A household pays in cash"), lambda a: entries.payment(a.household, a.cents), "household"
    ),
    "transfer": _kind(
        _("A household pays by bank transfer"),
        lambda a: entries.payment(a.household, a.cents, BANK),
        "household",
    ),
    "advance": _kind(
        _("A household pays in advance"),
        lambda a: entries.advance(a.household, a.cents, a.through),
        "household",
        "through",
    ),
    "refund": _kind(
        _("Credit given back to a household"),
        lambda a: entries.refund(a.household, a.cents, a.through),
        "household",
        "through",
    ),
    "fee": _kind(
        _("Membership fee of a household"), lambda a: entries.fee(a.household, a.cents), "household"
    ),
    "deposit": _kind(_("Deposit kept"), lambda a: entries.deposit(a.household, a.cents), "household"),
    "deposit_back": _kind(
        _("Deposit given back"), lambda a: entries.deposit(a.household, -a.cents), "household"
    ),
    "supplier_paid": _kind(
        _("A supplier is paid"),
        lambda a: entries.supplier_paid(a.supplier, a.cents, a.through),
        "supplier",
        "through",
    ),
    "cost": _kind(_("A cost of the group is paid"), lambda a: entries.cost(a.cents, a.through), "through"),
    "shared_cost": _kind(
        _("A cost shared among all households alike"), lambda a: entries.shared_cost(a.cents, a.members)
    ),
    "to_bank": _kind(_("Cash brought to the bank"), lambda a: entries.moved(a.cents)),
    "from_bank": _kind(_("Cash fetched from the bank"), lambda a: entries.moved(a.cents, BANK, CASH)),
    "opening_credit": _kind(
        _("Opening: credit of a household"),
        lambda a: entries.opening(entries.household(a.household), a.cents),
        "household",
    ),
    "opening_debt": _kind(
        _("Opening: debt of a household"),
        lambda a: entries.opening(entries.household(a.household), -a.cents),
        "household",
    ),
    "opening_held": _kind(
        _("Opening: what is in the cash or at the bank"),
        lambda a: entries.opening(a.through, a.cents),
        "through",
    ),
    "opening_supplier": _kind(
        _("Opening: what a supplier has still to get"),
        lambda a: entries.opening(entries.supplier(a.supplier), a.cents),
        "supplier",
    ),
}
