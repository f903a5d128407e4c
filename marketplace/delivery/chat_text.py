"""Who collects what, where and when, as text for a group's chat. Amounts and notes are never in it."""

from collections.abc import Sequence

from babel.dates import format_time
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace.delivery.queries import PlaceList
from marketplace.formats import moment, quantity
from marketplace.orders.models import OrderCycle
from marketplace.rome_time import ROME


def when(cycle: OrderCycle, listed: PlaceList) -> str:
    """The hours of a place, of the whole delivery where it has none of its own; empty where nobody has said."""
    start, end = listed.place.starts_at, listed.place.ends_at
    if start is None:
        start, end = cycle.delivery_from, cycle.delivery_until
    return span(start, end)


def span(start, end) -> str:
    """From one moment to another; the day is said once where both are on it in Rome."""
    if start is None:
        return ""
    if end is None:
        return moment(start)
    if start.astimezone(ROME).date() == end.astimezone(ROME).date():
        return f"{moment(start)}–{format_time(end.astimezone(ROME), 'HH:mm', locale=get_locale())}"
    return f"{moment(start)} – {moment(end)}"


def who_collects(cycle: OrderCycle, lists: Sequence[PlaceList]) -> str:
    """For the referente of these places to copy; only households that get something are in it."""
    parts = [f"*{cycle.title}*"]
    for one in lists:
        lines = [f"*{', '.join(filter(None, [one.place.name, one.place.address]))}*"]
        if told := when(cycle, one):
            lines.append(told)
        for shift, name in one.shifts:
            if name:
                lines.append(
                    _("On shift: %(name)s, %(when)s", name=name, when=span(shift.starts_at, shift.ends_at))
                )
        for row in one.rows:
            things = ", ".join(
                f"{line.product.title} {quantity(line.line.quantity, line.product.unit)}"
                for line in row.lines
                if line.line.quantity
            )
            if things:
                lines.append(f"• {row.household.name}: {things}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
