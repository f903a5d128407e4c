"""A place's list for a spreadsheet: a row for each line, each shared cost and each household's total."""

import csv
import io

from flask_babel import gettext as _

from marketplace.delivery.queries import PlaceList
from marketplace.form_text import one_line
from marketplace.plain_decimals import write_decimal
from marketplace.price_lists.exports.harmless_cells import harmless


def list_csv(listed: PlaceList) -> bytes:
    """As Italian spreadsheets open it by a double click. Amounts only for who may see them; notes for nobody."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _("household"), _("what"), _("variant"), _("quantity"), _("unit"), _("weight in kg"),
            _("containers returned"), _("goods in euros"), _("deposits in euros"), _("total in euros"),
        ]
    )  # fmt: skip
    for row in listed.rows:
        name = harmless(one_line(row.household.name))
        for line in row.lines:
            one = line.line
            writer.writerow(
                [
                    name,
                    harmless(one_line(line.product.title)),
                    harmless(one_line(line.product.variant)),
                    write_decimal(one.quantity, 3),
                    line.product.unit,
                    "" if one.weight is None else write_decimal(one.weight, 3),
                    one.returned or "",
                    *([_euros(one.goods), _euros(one.deposits), ""] if listed.shows_money else ["", "", ""]),
                ]
            )
        if listed.shows_money:
            for label, cents in row.costs:
                writer.writerow([name, harmless(one_line(label)), "", "", "", "", "", "", "", _euros(cents)])
            writer.writerow([name, _("Total"), "", "", "", "", "", "", "", _euros(row.total.amount)])
    return text.getvalue().encode("utf-8-sig")


def _euros(cents: int) -> str:
    return ("-" if cents < 0 else "") + write_decimal(abs(cents), 2, least=2)
