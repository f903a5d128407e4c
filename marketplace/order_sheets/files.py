"""The files of an order for its supplier: paper, a spreadsheet, and GDXP for whoever reads that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from marketplace.order_sheets.sheet import Sheet
from marketplace.organisations.slugs import slugify

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("pdf", "xlsx", "gdxp")


@dataclass(frozen=True, slots=True)
class SheetFile:
    """``name`` is made of the order's title and safe as the name of a file."""

    content: bytes
    name: str
    media_type: str


def write(kind: str, sheet: Sheet, label_of: Callable[[str], str], *, lang: str, now: datetime) -> SheetFile:
    """One of :data:`KINDS`, in the language that is being spoken, whose code is ``lang``."""
    # here: their libraries take half a second to import, at the start of every process
    from marketplace.order_sheets.gdxp import bookings_file
    from marketplace.order_sheets.paper import sheet_pdf
    from marketplace.order_sheets.workbook import sheet_xlsx

    name = slugify(sheet.title)[:60] or "ordine"
    if kind == "pdf":
        return SheetFile(sheet_pdf(sheet, lang, now), f"{name}.pdf", "application/pdf")
    if kind == "xlsx":
        return SheetFile(sheet_xlsx(sheet), f"{name}.xlsx", XLSX)
    content, zipped = bookings_file(sheet, label_of, now)
    return SheetFile(
        content,
        f"{name}-gdxp.{'zip' if zipped else 'json'}",
        "application/zip" if zipped else "application/json",
    )
