"""The whole list of an organisation as one form: a row an offer, five cells a row.

Only rows in which somebody wrote something are looked at: each carries a mark of its cells as they were shown, so
that a row which another person changed meanwhile, and which nobody touched here, is left alone.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Form, SelectField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.catalogue.catalogue_words import STATUSES
from marketplace.catalogue.models import Offer
from marketplace.catalogue.month_text import NoMonths, read_months, write_months
from marketplace.catalogue.table_operations import RowChange
from marketplace.converters import written_version
from marketplace.form_choices import choices
from marketplace.form_fields import QuantityField, UnitPriceField
from marketplace.form_text import LineField
from marketplace.i18n import current_language
from marketplace.plain_decimals import write_decimal

CELLS = ("title", "price", "available", "months", "status")
_ROW = re.compile(r"o([0-9]{1,18})-was")


class MonthsCell(LineField):
    """Months as numbers; ``data`` is the set of them."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else write_months(self.data or frozenset())

    def process_formdata(self, valuelist) -> None:
        try:
            self.data = read_months(valuelist[-1] if valuelist else "")
        except NoMonths:
            self.data = None
            raise ValueError(gettext("Write months as numbers: “6-9, 12”.")) from None


class RowForm(Form):
    """One row; the names of its fields begin with ``o``, the offer's id and a hyphen."""

    title = LineField(_("Name"), [DataRequired(_("Write what it is called.")), Length(max=160)])
    price = UnitPriceField(_("Price"), [Optional()])
    available = QuantityField(_("Available"), [Optional()])
    months = MonthsCell(_("Months"))
    status = SelectField(_("State"), choices=choices(STATUSES))


@dataclass(slots=True)
class Row:
    """A row as it is shown: the texts of its cells, what is wrong with each, and what is stored if it has changed."""

    offer: Offer
    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    stored: dict[str, str] | None = None
    touched: bool = False
    id: int = field(init=False)

    def __post_init__(self):
        self.id = self.offer.id

    @property
    def was(self) -> str:
        """The version, and a mark of the stored cells."""
        return f"{self.offer.version}-{_mark(cells_of(self.offer))}"


def cells_of(offer: Offer) -> dict[str, str]:
    """The texts of an offer's cells, as its row shows them."""
    mark = "," if current_language() == "it" else "."
    return {
        "title": offer.title,
        "price": "" if offer.price is None else write_decimal(offer.price, 4, mark=mark, least=2),
        "available": "" if offer.available is None else write_decimal(offer.available, 3, mark=mark),
        "months": write_months(offer.months),
        "status": str(offer.status),
    }


def row_ids(form: Mapping[str, str]) -> list[int]:
    """The offers whose rows were sent."""
    return [int(match[1]) for name in form if (match := _ROW.fullmatch(name))]


def read_rows(form, offers: Iterable[Offer]) -> tuple[list[Row], dict[int, RowChange]]:
    """The rows as they were sent, and the changes of those that were touched and can be read."""
    rows, changes = [], {}
    for offer in offers:
        was = form.get(f"o{offer.id}-was", "")
        row = Row(offer, cells_of(offer))
        rows.append(row)
        version, _hyphen, mark = was.partition("-")
        sent = {name: form.get(f"o{offer.id}-{name}", row.cells[name]) for name in CELLS}
        if not was or mark == _mark(sent):
            continue
        row.cells, row.touched = sent, True
        read = RowForm(form, prefix=f"o{offer.id}-")
        if read.validate():
            changes[offer.id] = RowChange(
                version=written_version(version),
                **{name: read[name].data for name in CELLS if f"o{offer.id}-{name}" in form},
            )
        else:
            row.errors = {name: str(messages[0]) for name, messages in read.errors.items()}
    return rows, changes


def _mark(cells: Mapping[str, str]) -> str:
    text = "\x1f".join(cells[name].strip() for name in CELLS)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
