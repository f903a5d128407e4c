"""CSV and XLSX: what stands in a cell is a text or a number, never something that a spreadsheet computes (ORDEAL 32)."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from marketplace.form_text import several_lines
from marketplace.plain_decimals import NotPlain, read_decimal
from marketplace.price_lists.columns import NAMES
from marketplace.price_lists.exports.harmless_cells import harmless
from marketplace.price_lists.listed import FIELDS, QUANTITIES, LabelOf, Listed, cells

_NUMBERS = frozenset({"price", "lead_time_days", *QUANTITIES})
_WIDTHS = {"title": 42, "description": 48, "category": 26}


def rows_of(lines: Sequence[Listed], label_of: LabelOf) -> list[dict[str, str]]:
    """Every line as text by field; texts without characters that no file can carry."""
    return [{field: several_lines(text) for field, text in cells(line, label_of).items()} for line in lines]


def csv_file(lines: Sequence[Listed], label_of: LabelOf) -> bytes:
    """As Italian spreadsheets open it by a double click: UTF-8 with its mark, parted by semicolons."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([NAMES[field][0] for field in FIELDS])
    for row in rows_of(lines, label_of):
        writer.writerow([harmless(row[field]) for field in FIELDS])
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(lines: Sequence[Listed], label_of: LabelOf) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Listino")
    sheet.freeze_panes = "A2"
    for place, field in enumerate(FIELDS):
        sheet.column_dimensions[chr(65 + place)].width = _WIDTHS.get(field, 14)
    names = []
    for field in FIELDS:
        cell = WriteOnlyCell(sheet, NAMES[field][0])
        cell.font = Font(bold=True)
        names.append(cell)
    sheet.append(names)
    for row in rows_of(lines, label_of):
        sheet.append([_xlsx_cell(sheet, field, row[field]) for field in FIELDS])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def number_of(field: str, text: str) -> int | float | None:
    """What a cell of this field holds as a number; ``None`` where it is a text, or too long for a double."""
    if field not in _NUMBERS:
        return None
    try:
        number = read_decimal(text, 4)
    except NotPlain:
        return None
    # a double holds fifteen digits
    if number >= 10**15:
        return None
    return number // 10_000 if number % 10_000 == 0 else number / 10_000


def _xlsx_cell(sheet, field: str, text: str):
    if not text:
        return None
    if (number := number_of(field, text)) is not None:
        return number
    cell = WriteOnlyCell(sheet, harmless(text))
    # openpyxl takes what begins with "=" for a formula unless told
    cell.data_type = "s"
    return cell
