"""What became of an action, in words, and numbers as a form holds them."""

from collections.abc import Mapping

from flask_babel import gettext as _

from marketplace.delivery.actions import DECIMALS, TICKS, Action, Kind
from marketplace.delivery.operations import Answer
from marketplace.delivery.outcomes import Outcome
from marketplace.delivery.queries import Event
from marketplace.formats import money, quantity
from marketplace.i18n import current_language
from marketplace.orders.models import CycleProduct
from marketplace.plain_decimals import write_decimal

#: What an action is about, as the head of a sentence.
THINGS = {
    Kind.TICK: lambda: _("handed out"),
    Kind.WEIGHT: lambda: _("weight"),
    Kind.DELIVERED: lambda: _("quantity that came"),
    Kind.RETURNED: lambda: _("containers returned"),
    Kind.MOVE: lambda: _("swapped"),
    Kind.COLLECTED: lambda: _("collected"),
    Kind.PAID: lambda: _("paid"),
}


def typed(kind: Kind, value: int | None) -> str:
    """A value as a box of the form holds it and reads it back."""
    if value is None or kind in TICKS:
        return ""
    mark = "," if current_language() == "it" else "."
    return write_decimal(value, DECIMALS[kind], mark=mark, least=2 if kind is Kind.PAID else 0)


def shown(kind: Kind, value: int | None, product: CycleProduct | None) -> str:
    if kind in TICKS:
        return _("yes") if value else _("no")
    if value is None:
        return _("nothing")
    if kind is Kind.PAID:
        return money(value)
    if kind is Kind.WEIGHT:
        return quantity(value, "kg")
    if kind is Kind.RETURNED:
        return str(value)
    return quantity(value, product.unit if product else None)


def told(
    action: Action,
    answer: Answer,
    household: str,
    products: Mapping[int, CycleProduct],
    people: Mapping[int, str],
    me: int,
) -> str:
    """A sentence for whoever did it, empty where all went as they wished."""
    product = products.get(action.product) if action.product else None
    about = ", ".join(filter(None, [household, product.title if product else "", THINGS[action.kind]()]))
    if answer.outcome is Outcome.INVALID:
        return f"{about}: {answer.problem}"
    if answer.outcome is Outcome.NOT_FOUND:
        return _("%(about)s: this is no longer on your list.", about=about or _("A line"))
    who = people.get(answer.by) or _("somebody else")
    if answer.outcome is Outcome.CONFLICT:
        return _(
            "%(about)s: %(who)s has written %(theirs)s in the meantime. That stays; you wrote %(yours)s.",
            about=about,
            who=who if answer.by != me else _("you yourself, on another page,"),
            theirs=shown(action.kind, answer.now, product),
            yours=shown(action.kind, action.wanted, product),
        )
    if answer.outcome is Outcome.ALREADY and answer.by not in (None, me):
        return _(
            "%(about)s: %(who)s had already written %(theirs)s.",
            about=about,
            who=who,
            theirs=shown(action.kind, answer.now, product),
        )
    return ""


def event(one: Event) -> str:
    """A line of the record of a delivery."""
    if "by" in one.details:
        amount = shown(Kind.MOVE, abs(one.details["by"]), one.product)
        parts = {"amount": amount, "product": one.product.title if one.product else "", "other": one.other}
        if one.details["by"] < 0:
            return _("%(amount)s of %(product)s given to %(other)s", **parts)
        return _("%(amount)s of %(product)s taken from %(other)s", **parts)
    kind = Kind(one.details["kind"])
    head = ", ".join(filter(None, [one.product.title if one.product else "", THINGS[kind]()]))
    before, after = (shown(kind, one.details[name], one.product) for name in ("before", "after"))
    if one.verb == "delivery.conflict":
        return _("%(head)s: %(after)s was not taken, %(before)s stays", head=head, before=before, after=after)
    return _("%(head)s: from %(before)s to %(after)s", head=head, before=before, after=after)
