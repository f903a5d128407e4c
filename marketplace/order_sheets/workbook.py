"""An order as a spreadsheet: a sheet with all of it, and one for each group. Nothing in it is computed (ORDEAL 32)."""

import io
from collections.abc import Sequence

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from marketplace import formats, words
from marketplace.form_text import one_line
from marketplace.money import CENTS_PER_EURO, PRICE_UNITS_PER_EURO, QUANTITY_UNITS
from marketplace.order_sheets.sheet import Recipient, Sheet, SheetProduct
from marketplace.price_lists.exports.tables import harmless

_WIDTHS = (14, 44, 14, 12, 12, 12, 10, 14)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
#: Of the name of a sheet, as Excel has it; some room is for the number before.
_NAME = 26


def sheet_xlsx(sheet: Sheet) -> bytes:
    book = Workbook(write_only=True)
    _whole_order(book, sheet)
    for number, recipient in enumerate(sheet.recipients, start=1):
        _of_group(book, sheet, recipient, number)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _whole_order(book: Workbook, sheet: Sheet) -> None:
    page = _page(book, _("Order"))
    _row(page, [_("Order"), sheet.title])
    _row(page, [_("Supplier"), sheet.supplier])
    _row(page, [])
    _row(page, _heads(), bold=True)
    for product in sheet.products:
        _row(
            page, _cells(sheet, product, sheet.quantity(product), sheet.goods(product), sheet.boxes(product))
        )
    if sheet.deposits:
        _row(page, [_("Deposits"), *[None] * 6, _euros(sheet.deposits)])
    _row(page, [])
    for recipient in sheet.recipients:
        _row(page, [recipient.name, None, None, None, None, None, None, _euros(recipient.amount)])
    _row(page, [_("Total"), None, None, None, None, None, None, _euros(sheet.amount)], bold=True)


def _of_group(book: Workbook, sheet: Sheet, recipient: Recipient, number: int) -> None:
    page = _page(book, f"{number} {one_line(recipient.name.translate(_FORBIDDEN))[:_NAME]}".strip())
    _row(page, [_("Recipient of the fiscal document"), recipient.name])
    for label, value in (
        (_("Tax code"), recipient.tax_code),
        (_("VAT number"), recipient.vat_number),
        (_("Address"), recipient.address),
    ):
        if value:
            _row(page, [label, value])
    _row(page, [])
    names = [place.name or _("No place chosen") for place in recipient.places]
    _row(page, [*_heads(), *names], bold=True)
    for product in sheet.products:
        line = recipient.lines.get(product.id)
        if line is None:
            continue
        at_places = [
            _number(place.quantities.get(product.id, 0), QUANTITY_UNITS) for place in recipient.places
        ]
        _row(page, [*_cells(sheet, product, line.quantity, line.goods, None), *at_places])
    _row(page, [])
    if recipient.deposits:
        _row(page, [_("Deposits"), *[None] * 6, _euros(recipient.deposits)])
    _row(page, [_("Total"), *[None] * 6, _euros(recipient.amount)], bold=True)
    for part in recipient.vat:
        rate = f"{part.rate / 100:g} %"
        _row(page, [_("of which VAT %(rate)s", rate=rate), *[None] * 6, _euros(part.vat)])


def _heads() -> list[str]:
    return [
        _("Code"), _("Product"), _("Unit"), _("Quantity"), _("Boxes"), _("Price"), _("VAT rate"), _("Amount"),
    ]  # fmt: skip


def _cells(sheet: Sheet, product: SheetProduct, quantity: int, goods: int, boxes: int | None) -> list:
    title = product.title
    if product.in_place_of:
        title = _("%(title)s (in the place of %(other)s)", title=title, other=product.in_place_of)
    if product.piece_weight:
        weight = formats.quantity(product.piece_weight, "kg")
        title += f", {formats.unit_price(product.price)}/kg, " + _("about %(weight)s each", weight=weight)
    return [
        product.code,
        title,
        str(words.UNITS.get(product.unit, product.unit)),
        _number(quantity, QUANTITY_UNITS),
        boxes,
        _number(product.unit_price, PRICE_UNITS_PER_EURO),
        _number(product.vat_rate, 100),
        _euros(goods),
    ]


def _page(book: Workbook, name: str):
    page = book.create_sheet(name)
    for place, width in enumerate(_WIDTHS):
        page.column_dimensions[chr(65 + place)].width = width
    return page


def _row(page, values: Sequence, *, bold: bool = False) -> None:
    page.append([_cell(page, value, bold) for value in values])


def _cell(page, value, bold: bool):
    if value is None or value == "":
        return None
    cell = WriteOnlyCell(page, harmless(one_line(value)) if isinstance(value, str) else value)
    if isinstance(value, str):
        # openpyxl takes what begins with "=" for a formula unless told
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _number(count: int, units: int) -> int | float:
    return count // units if count % units == 0 else count / units


def _euros(cents: int) -> int | float:
    return _number(cents, CENTS_PER_EURO)
