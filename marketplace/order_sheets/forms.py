"""What a supplier answers, product by product, and the address that a coordinator writes."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import Email, InputRequired, Length

from marketplace.form_text import one_line, several_lines
from marketplace.order_sheets.answers import Instead, OrderedProduct, ProductAnswer
from marketplace.orders.booking_rules import LARGEST
from marketplace.plain_decimals import NotPlain, read_decimal

MAX_TITLE, MAX_MESSAGE = 160, 2000
#: A price per unit, in ten-thousandths of a euro.
_DEAREST = 10**9
NEW = "new"


class AddressForm(FlaskForm):
    email = EmailField(
        _("Address of the supplier"),
        [InputRequired(_("Write an address.")), Email(_("This is no address.")), Length(max=255)],
    )


def read_answers(
    form: Mapping[str, str], ordered: Sequence[OrderedProduct]
) -> tuple[dict[int, ProductAnswer], dict[int, str]]:
    """The answers by product, and what is wrong with the others. An empty box says that all comes."""
    answers, problems = {}, {}
    for one in ordered:
        id_ = one.product.id
        try:
            answers[id_] = ProductAnswer(
                _number(form.get(f"deliver-{id_}", ""), 3, LARGEST), _instead(form, id_)
            )
        except NotPlain:
            problems[id_] = gettext("Please write a plain number, such as 12,50.")
    return answers, problems


def read_message(form: Mapping[str, str]) -> str:
    return several_lines(form.get("message", ""))[:MAX_MESSAGE]


def _instead(form: Mapping[str, str], id_: int) -> Instead | None:
    chosen = form.get(f"instead-{id_}", "")
    if not chosen:
        return None
    quantity = _number(form.get(f"instead-quantity-{id_}", ""), 3, LARGEST)
    if chosen != NEW:
        return Instead(product_id=_number(chosen, 0, 10**18), quantity=quantity)
    return Instead(
        title=one_line(form.get(f"instead-title-{id_}", ""))[:MAX_TITLE],
        price=_number(form.get(f"instead-price-{id_}", ""), 4, _DEAREST),
        quantity=quantity,
    )


def _number(text: str, decimals: int, most: int) -> int | None:
    if not text.strip():
        return None
    return min(read_decimal(text, decimals), most)
