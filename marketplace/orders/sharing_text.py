"""Text ready to be copied into a chat of the group: what happened, what is missing. No household is named."""

from collections.abc import Sequence

from flask_babel import gettext as _

from marketplace.formats import moment, money, quantity
from marketplace.orders.lifecycle import State
from marketplace.orders.models import OrderCycle
from marketplace.orders.queries import ProductRow
from marketplace.page_address import whole_address


def ready(cycle: OrderCycle, state: State, rows: Sequence[ProductRow], booked: int) -> str:
    """A few lines of plain text, empty where there is nothing to tell."""
    link = whole_address("orders.book", cycle_id=cycle.id)
    lines = [f"*{cycle.title}*"]
    if state in {State.PLANNED, State.OPEN}:
        lines.append(
            _("Open until %(moment)s.", moment=moment(cycle.closes_at))
            if state is State.OPEN
            else _("Opens on %(moment)s.", moment=moment(cycle.opens_at))
        )
        if cycle.minimum_total and booked < cycle.minimum_total:
            lines.append(
                _("To the minimum %(amount)s are missing.", amount=money(cycle.minimum_total - booked))
            )
        lines += _missing(rows)
        return "\n".join([*lines, link])
    if state is State.COMPLETION:
        until = _(
            "Last boxes: until %(moment)s you can help to fill them.", moment=moment(cycle.completion_until)
        )
        return "\n".join([*lines, until, *_missing(rows), link])
    if state in {State.CLOSED, State.SENT}:
        lines.append(
            _("Bookings are closed: the page says what each household gets.")
            if cycle.fixed_at
            else _("Bookings are closed.")
        )
        if cycle.delivery_from:
            lines.append(_("Delivery: %(moment)s.", moment=moment(cycle.delivery_from)))
        return "\n".join([*lines, link])
    if state is State.DELIVERED:
        return "\n".join([*lines, _("Everything is here: the page says what you pay."), link])
    if state is State.SETTLED:
        return "\n".join([*lines, _("The accounts are closed: the page says what you pay."), link])
    if state is State.CANCELLED:
        return "\n".join([*lines, _("The order is cancelled."), cycle.cancel_reason]).strip()
    return ""


def _missing(rows: Sequence[ProductRow]) -> list[str]:
    return [
        _(
            "%(title)s: %(missing)s to fill the box",
            title=row.product.title,
            missing=quantity(row.boxes.missing, row.product.unit),
        )
        for row in rows
        if row.boxes.is_open
    ]
