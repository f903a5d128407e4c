"""The treasurer's files: movements as CSV and XLSX, a year as XLSX and PDF. Texts are never run by a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask_babel import gettext as _
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from marketplace import formats
from marketplace.form_text import one_line
from marketplace.ledger.entries import in_hand
from marketplace.ledger.queries import EntryRow
from marketplace.ledger.sentences import ACCOUNTS, KINDS, account_name
from marketplace.ledger.yearly import YearReport, paid_to
from marketplace.paper import Paper
from marketplace.plain_decimals import write_decimal
from marketplace.price_lists.exports.tables import harmless

#: A cell: a text, an amount in cents, or a whole number.
Cents = Decimal
_GREEN = (29, 82, 56)


def entries_table(rows: Sequence[EntryRow]) -> list[list]:
    """A line for each side, the oldest first, with its names above; amounts as people read them."""
    table = [
        [_("Number"), _("Day"), _("What"), _("Kind of account"), _("Account"), _("Amount"), _("Note"), _("Takes back")]
    ]  # fmt: skip
    for row in reversed(rows):
        for account, home, cents in row.sides:
            table.append(
                [
                    row.entry.id,
                    row.entry.day.strftime("%d/%m/%Y"),
                    str(KINDS[row.entry.kind]),
                    str(ACCOUNTS[account.kind]),
                    account_name(account, home),
                    euros(in_hand(account.kind, cents)),
                    row.entry.text,
                    row.entry.reverses_id or "",
                ]
            )
    return table


def year_tables(report: YearReport) -> dict[str, list[list]]:
    """The sheets of a year by name: households, suppliers, the group; each ends with its sum."""
    homes = [
        [
            _("Household"),
            _("At the beginning"),
            _("Paid in"),
            _("Orders"),
            _("Fees"),
            _("Other"),
            _("At the end"),
        ]
    ]
    homes += [
        [
            account_name(row.account, row.household),
            *map(euros, (row.before, row.paid_in, row.charged, row.fees, row.other, row.after)),
        ]
        for row in report.homes
    ]
    suppliers = [
        [_("Supplier"), _("At the beginning"), _("Delivered"), _("Paid"), _("Other"), _("Still to be paid")]
    ]
    suppliers += [
        [
            account_name(row.account, None),
            *map(
                euros,
                (
                    row.before,
                    row.charged,
                    paid_to(row),
                    row.after - row.before - row.charged + paid_to(row),
                    row.after,
                ),
            ),
        ]
        for row in report.suppliers
    ]
    group = [[_("The group"), _("At the beginning"), _("In the year"), _("At the end")]]
    group += [
        [account_name(row.account, None), *map(euros, (row.before, row.after - row.before, row.after))]
        for row in report.group
    ]
    return {
        _("Households"): _with_sum(homes),
        _("Suppliers"): _with_sum(suppliers),
        _("The group"): group,
    }


def _with_sum(table: list[list]) -> list[list]:
    if len(table) < 2:
        return table
    return [
        *table,
        [_("In all"), *(sum(column, Decimal(0)) for column in list(zip(*table[1:], strict=True))[1:])],
    ]


def euros(cents: int) -> Cents:
    return (Decimal(cents) / 100).quantize(Decimal("0.01"))


def csv_file(table: Iterable[Sequence]) -> bytes:
    """As Italian spreadsheets open it by a double click: UTF-8 with its mark, parted by semicolons, decimal commas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in table:
        writer.writerow([_csv_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(value) -> str:
    if isinstance(value, Decimal):
        cents = int(value * 100)
        return ("-" if cents < 0 else "") + write_decimal(abs(cents), 2, least=2)
    return harmless(one_line(value)) if isinstance(value, str) else str(value)


def xlsx_file(tables: dict[str, list[list]]) -> bytes:
    workbook = Workbook(write_only=True)
    for name, table in tables.items():
        sheet = workbook.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        for place in range(len(table[0])):
            sheet.column_dimensions[chr(65 + place)].width = 18
        for number, row in enumerate(table):
            sheet.append([_xlsx_cell(sheet, value, bold=number == 0) for value in row])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _xlsx_cell(sheet, value, *, bold: bool):
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, harmless(one_line(value)))
        # openpyxl takes what begins with "=" for a formula unless told
        cell.data_type = "s"
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, Decimal):
            cell.number_format = "#,##0.00"
    if bold:
        cell.font = Font(bold=True)
    return cell


def year_pdf(name: str, report: YearReport, lang: str, now) -> bytes:
    """The year on paper, for the assembly: the same tables."""
    title = _("%(name)s: accounts of %(year)s", name=name, year=report.year)
    paper = Paper(one_line(title), lang)
    paper.set_creation_date(now)
    paper.set_margins(15, 15, 15)
    paper.set_auto_page_break(True, 15)
    paper.add_page()
    paper.set_font("body", "B", 16)
    paper.set_text_color(*_GREEN)
    paper.multi_cell(0, 8, one_line(title), new_x="LMARGIN", new_y="NEXT", align="L")
    for heading, table in year_tables(report).items():
        if len(table) < 2:
            continue
        paper.ln(4)
        paper.set_font("body", "B", 12)
        paper.set_text_color(*_GREEN)
        paper.cell(0, 8, one_line(str(heading)), new_x="LMARGIN", new_y="NEXT")
        paper.set_font("body", size=9)
        paper.set_text_color(0)
        columns = len(table[0])
        with paper.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=(40, *[140 / (columns - 1)] * (columns - 1)),
            text_align=("LEFT", *["RIGHT"] * (columns - 1)),
            line_height=5,
            padding=0.8,
            headings_style=FontFace(emphasis="BOLD", color=_GREEN),
        ) as drawn:
            for row in table:
                drawn.row([_paper_cell(value) for value in row])
    return bytes(paper.output())


def _paper_cell(value) -> str:
    return formats.money(int(value * 100)) if isinstance(value, Decimal) else one_line(str(value))
