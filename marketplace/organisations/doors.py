"""Where a member goes from their own page: the doors of an organisation, by what kind it is and what they may do."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from marketplace.organisations.models import PUBLIC_KINDS, Kind, MemberRole

#: Those that order together, and have households.
ORDERING = frozenset({Kind.BUYING_GROUP, Kind.CONSUMER_COOP})


@dataclass(frozen=True, slots=True)
class Door:
    """A page by its endpoint; ``of_organisation`` where its address names the organisation."""

    endpoint: str
    label: str
    icon: str
    of_organisation: bool = True
    first: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """Doors that belong together, under a heading."""

    title: str
    doors: tuple[Door, ...]


def rooms(kinds: Collection[str], role: str) -> list[Room]:
    """The rooms of an active organisation, what its kind comes here for first. Empty ones are left out."""
    edits, owns = role in (MemberRole.OWNER, MemberRole.EDITOR), role == MemberRole.OWNER
    orders, public = bool(ORDERING & set(kinds)), bool(PUBLIC_KINDS & set(kinds))
    sells = Kind.PRODUCER in kinds
    found = [
        Room(_("Group orders"), tuple(_ordering(edits)) if orders else ()),
        Room(_("Requests"), tuple(_requests(edits, answers=not public))),
        # a public body buys here; whoever else may sell, and a group may have something to give
        Room(_("Catalogue"), tuple(_catalogue(edits, sells=sells)) if not public else ()),
        Room(_("The organisation"), tuple(_organisation(edits, card=owns and sells))),
    ]
    if sells and not orders:
        found[1], found[2] = found[2], found[1]
    return [room for room in found if room.doors]


def _ordering(edits: bool):
    if edits:
        yield Door("orders.new", _("Open an order"), "plus-lg", of_organisation=False, first=True)
    yield Door("orders.index", _("Orders"), "basket2", of_organisation=False, first=not edits)
    if edits:
        yield Door("households.index", _("Households"), "people")
        yield Door("ledger.index", _("The cassa"), "cash-coin")
        yield Door("price_lists.lists", _("Private lists"), "list")
    else:
        yield Door("households.mine", _("My household"), "people")
        yield Door("ledger.mine", _("My account with the group"), "cash-coin")


def _requests(edits: bool, *, answers: bool):
    if edits:
        yield Door("demands.new", _("Publish a request"), "megaphone", first=True)
        yield Door("demands.drafts", _("Drafts"), "pencil", of_organisation=False)
    yield Door("conversations.index", _("Conversations"), "chat-left-text", of_organisation=False)
    if answers:
        yield Door("matches.opportunities_of", _("Who is looking for what we offer"), "search")


def _catalogue(edits: bool, *, sells: bool):
    if edits:
        yield Door("catalogue.new", _("Publish a product or a service"), "plus-lg", first=sells)
        yield Door("catalogue.table", _("The whole list"), "table")
        yield Door("price_lists.new", _("Import a price list"), "file-earmark-text")
    if sells:
        yield Door("order_sheets.all_received", _("Orders received"), "inbox")


def _organisation(edits: bool, *, card: bool):
    yield Door("explore.organisation", _("As everybody sees it"), "eye")
    if edits:
        yield Door("organisations.contacts", _("Settings and delivery areas"), "gear")
    yield Door("organisations.members", _("Colleagues"), "people")
    yield Door("evidence.own", _("Characteristics and documents"), "file-earmark-check")
    if card:
        yield Door("evidence.edit_card", _("Card for public bodies"), "file-earmark-text")
