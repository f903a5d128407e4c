"""Accounts and kinds of movements in words, where they are shown."""

from collections.abc import Mapping

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _

from marketplace.households.models import Household
from marketplace.ledger.entries import EntryKind, in_hand
from marketplace.ledger.models import Account, AccountKind

KINDS: Mapping[str, object] = {
    EntryKind.CHARGE: _("Order charged"),
    EntryKind.CASH: _("Paid in cash"),
    EntryKind.TRANSFER: _("Bank transfer"),
    EntryKind.ADVANCE: _("Advance"),
    EntryKind.REFUND: _("Credit given back"),
    EntryKind.DEPOSIT: lazy_pgettext("ledger", "Deposit"),
    EntryKind.FEE: _("Membership fee"),
    EntryKind.SUPPLIER_PAID: _("Supplier paid"),
    EntryKind.COST: lazy_pgettext("ledger", "Cost"),
    EntryKind.MOVED: _("Between cash and bank"),
    EntryKind.OPENING: _("Opening balance"),
    EntryKind.REVERSAL: _("Taken back"),
}

ACCOUNTS: Mapping[str, object] = {
    AccountKind.HOUSEHOLD: lazy_pgettext("ledger", "Household"),
    AccountKind.SUPPLIER: lazy_pgettext("ledger", "Supplier"),
    AccountKind.CASH: lazy_pgettext("ledger", "Cash"),
    AccountKind.BANK: lazy_pgettext("ledger", "Bank"),
    AccountKind.FEES: _("Membership fees"),
    AccountKind.DEPOSITS: lazy_pgettext("ledger", "Deposits"),
    AccountKind.COSTS: _("Costs of the group"),
    AccountKind.OPENING: _("Opening balances"),
}

#: Why a payment is thought to be somebody's.
REASONS: Mapping[str, object] = {
    "reference": _("the reference"),
    "name": _("the name"),
    "amount": _("the amount is what is owed"),
}


def account_name(account: Account, household: Household | None) -> str:
    """A household whose name was erased keeps its number."""
    if household is not None:
        return household.name or gettext("Household no. %(number)s", number=household.id)
    return account.name or str(ACCOUNTS[account.kind])


__all__ = ["ACCOUNTS", "KINDS", "REASONS", "account_name", "in_hand"]
