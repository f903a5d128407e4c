"""States, refusals and reasons in words, where they are shown."""

from collections.abc import Mapping

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _

from marketplace.formats import money, quantity
from marketplace.orders.lifecycle import State
from marketplace.orders.models import CycleProduct
from marketplace.orders.reasons import Reason
from marketplace.orders.totals import CostKind, SplitBy

#: With a context: in Italian a request and an order are open in different genders.
STATES: Mapping[str, object] = {
    State.DRAFT: lazy_pgettext("order", "draft"),
    State.PLANNED: lazy_pgettext("order", "opens soon"),
    State.OPEN: lazy_pgettext("order", "open"),
    State.COMPLETION: lazy_pgettext("order", "boxes being completed"),
    State.CLOSED: lazy_pgettext("order", "closed"),
    State.SENT: lazy_pgettext("order", "sent to the supplier"),
    State.DELIVERED: lazy_pgettext("order", "delivered"),
    State.SETTLED: lazy_pgettext("order", "settled"),
    State.CANCELLED: lazy_pgettext("order", "cancelled"),
}

COST_KINDS: Mapping[str, object] = {
    CostKind.TRANSPORT: _("Transport"),
    CostKind.COST: _("Documented cost"),
    CostKind.DISCOUNT: _("Discount"),
}

SPLITS: Mapping[str, object] = {
    SplitBy.PRICE: _("by price"),
    SplitBy.QUANTITY: _("by quantity"),
    SplitBy.WEIGHT: _("by weight"),
    SplitBy.HOUSEHOLD: _("the same for each household"),
}


def refusal(reason: Reason, product: CycleProduct | None = None) -> str:
    """Why something cannot be booked."""
    unit = product.unit if product else None
    numbers = {name: quantity(number, unit) for name, number in reason.numbers.items()}
    sentences = {
        "too_much": lambda: gettext("This is more than can be booked at all."),
        "only_tolerance": lambda: gettext(
            "Write how much you want; more than that is taken only to fill a box."
        ),
        "no_box": lambda: gettext("This is not sent in boxes: there is nothing to fill."),
        "below_minimum": lambda: gettext("At least %(minimum)s.", **numbers),
        "not_in_steps": lambda: gettext("Only in steps of %(step)s.", **numbers),
        "above_maximum": lambda: gettext(
            "At most %(maximum)s for each household, with what you take in addition.", **numbers
        ),
        "sold_out": lambda: gettext("Sold out."),
        "not_enough": lambda: gettext("Only %(left)s left.", **numbers),
        "withdrawn": lambda: gettext("This has been withdrawn from the order."),
        "helps_no_box": lambda: gettext("Now only what helps to fill a box that is begun can be added."),
        "above_maximum_total": lambda: gettext(
            "The whole order has a maximum: %(amount)s are left.", amount=money(reason.numbers.get("left", 0))
        ),
    }
    return sentences[reason.code]()


def difference(reason: Reason, product: CycleProduct) -> str:
    """Why somebody gets more or less than was booked."""
    by = quantity(abs(reason.numbers["by"]), product.unit)
    numbers = {
        name: quantity(number, product.unit) for name, number in reason.numbers.items() if name != "by"
    }
    sentences = {
        "box_filled": lambda: gettext("%(by)s more, to fill the box of %(box)s.", by=by, box=numbers["box"]),
        "box_not_filled": lambda: gettext(
            "%(by)s less: %(missing)s were missing to fill the last box of %(box)s.",
            by=by,
            missing=numbers["missing"],
            box=numbers["box"],
        ),
        "scarce": lambda: gettext(
            "%(by)s less: there are only %(available)s.", by=by, available=numbers["available"]
        ),
        "supplier_short": lambda: gettext(
            "%(by)s less: the supplier delivers only %(deliverable)s.",
            by=by,
            deliverable=numbers["deliverable"],
        ),
        "in_place_of": lambda: gettext("%(by)s in the place of what is missing.", by=by),
    }
    return sentences[reason.code]()
