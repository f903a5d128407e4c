"""What the supplier has, confirmed and changed, as text for a group's chat. No household and no amount is in it."""

from collections.abc import Sequence

from flask_babel import gettext as _

from marketplace.formats import moment, quantity
from marketplace.order_sheets.answers import OrderedProduct
from marketplace.order_sheets.queries import full_title
from marketplace.orders.models import CycleSource, OrderCycle


def ready(cycle: OrderCycle, parts: Sequence[tuple[CycleSource, Sequence[OrderedProduct]]], link: str) -> str:
    """A few lines, empty until something is sent. ``parts``: each supplier with what was ordered of it."""
    told = [line for source, ordered in parts for line in _of_source(source, ordered)]
    if not told:
        return ""
    if cycle.delivery_from is not None and cycle.delivered_at is None:
        told.append(_("Delivery: %(moment)s.", moment=moment(cycle.delivery_from)))
    return "\n".join([f"*{cycle.title}*", *told, link])


def _of_source(source: CycleSource, ordered: Sequence[OrderedProduct]) -> list[str]:
    if source.sent_at is None:
        return []
    if source.confirmed_at is None:
        return [_("The order is with %(name)s, who has not confirmed it yet.", name=source.name)]
    changes = [line for one in ordered for line in _changes(one)]
    if not changes:
        return [_("%(name)s has confirmed the whole order.", name=source.name)]
    return [_("%(name)s has confirmed the order, with changes:", name=source.name), *changes]


def _changes(one: OrderedProduct) -> list[str]:
    lines = []
    title, unit = full_title(one.product), one.product.unit
    if one.delivered == 0:
        lines.append("• " + _("%(title)s: does not come", title=title))
    elif one.delivered != one.ordered:
        lines.append(
            "• "
            + _(
                "%(title)s: %(after)s instead of %(before)s",
                title=title,
                after=quantity(one.delivered, unit),
                before=quantity(one.ordered, unit),
            )
        )
    lines += [
        "• " + _("%(title)s in the place of %(other)s", title=full_title(other), other=title)
        for other in one.substitutes
        if other.withdrawn_at is None
    ]
    return lines
