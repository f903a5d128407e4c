"""Two long forms, line by line: the products of a draft, and what a household books.

Read by hand and not by WTForms, because hundreds of lines become thousands of fields, of which most are empty.
"""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from marketplace.converters import written_id
from marketplace.form_text import one_line
from marketplace.orders.booking_writing import Line
from marketplace.orders.models import CycleProduct
from marketplace.orders.opening_operations import ProductValues
from marketplace.plain_decimals import NotPlain, read_decimal

MAX_NOTE = 200
_QUANTITY, _MONEY = 3, 2
#: The field of a product's quantity is named so, with the product's id.
_LINE = "q-"


def read_products(
    form: Mapping[str, str], products: Iterable[CycleProduct]
) -> tuple[dict[int, ProductValues], dict[int, str]]:
    """What is set for each product of a draft, and by product what cannot be read."""
    found, problems = {}, {}
    for product in products:
        if not form.get(f"keep-{product.id}"):
            found[product.id] = ProductValues(kept=False)
            continue
        try:
            found[product.id] = ProductValues(
                available=_number(form.get(f"available-{product.id}", ""), _QUANTITY),
                maximum=_number(form.get(f"maximum-{product.id}", ""), _QUANTITY),
                piece_weight=_number(form.get(f"weight-{product.id}", ""), 0),
                deposit=_number(form.get(f"deposit-{product.id}", ""), _MONEY),
            )
        except NotPlain:
            problems[product.id] = _("Please write a plain number, such as 12,50.")
    return found, problems


def read_lines(form: Mapping[str, str]) -> tuple[dict[int, Line], dict[int, str]]:
    """What is booked of each product that the form names, and by product what cannot be read."""
    found, problems = {}, {}
    for name, typed in form.items():
        product_id = written_id(name[len(_LINE) :]) if name.startswith(_LINE) else None
        if product_id is None:
            continue
        note = form.get(f"n-{product_id}")
        try:
            found[product_id] = Line(
                _number(typed, _QUANTITY) or 0,
                _number(form.get(f"t-{product_id}", ""), _QUANTITY) or 0,
                None if note is None else one_line(note)[:MAX_NOTE],
            )
        except NotPlain as fault:
            problems[product_id] = (
                _(
                    "Do you mean %(many)s or %(few)s? Please write it so.",
                    many=fault.meanings[0],
                    few=fault.meanings[1],
                )
                if fault.meanings
                else _("Please write a plain number, such as 12,50.")
            )
    return found, problems


def _number(text: str, decimals: int) -> int | None:
    return read_decimal(text, decimals) if text.strip(" \t\u00a0") else None
