"""A price list in each of its formats, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.price_lists.gdxp.writer import gdxp_file, party
from marketplace.price_lists.listed import LabelOf, Listed

#: Formats and their media types; GDXP is JSON.
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "json": "application/json",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose list it is. ``url`` is its public page, where it has one; ``name`` that of the file, without ending."""

    title: str
    vat_number: str = ""
    tax_code: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    url: str = ""
    name: str = "listino"


def write(kind: str, heading: Heading, lines: Sequence[Listed], label_of: LabelOf, now: datetime) -> bytes:
    """The file. ``KeyError`` for a format that is not in :data:`FORMATS`."""
    # here: their libraries take half a second to import, at the start of every process
    from marketplace.price_lists.exports.ods import ods_file
    from marketplace.price_lists.exports.pdf import pdf_file
    from marketplace.price_lists.exports.tables import csv_file, xlsx_file

    return {
        "csv": lambda: csv_file(lines, label_of),
        "xlsx": lambda: xlsx_file(lines, label_of),
        "ods": lambda: ods_file(lines, label_of),
        "json": lambda: gdxp_file(_party(heading), lines, label_of, now=now),
        "pdf": lambda: pdf_file(heading, lines, label_of, now),
    }[kind]()


def _party(heading: Heading) -> dict:
    return party(
        heading.title,
        vat_number=heading.vat_number,
        tax_code=heading.tax_code,
        email=heading.email,
        phone=heading.phone,
        website=heading.website,
    )
