"""A price list pasted from a mail or a PDF: columns by tabs, by marks or by two spaces, or "nome … 3,50 €/kg" lines."""

import re

from marketplace.price_lists.columns import field_of
from marketplace.price_lists.sheets.delimited import SEPARATORS, read_delimited
from marketplace.price_lists.sheets.sheet import MAX_BYTES, Gathering, Row, Sheet, Unreadable

_GAPS = re.compile(r"\t+|\s{2,}|\s*\.{3,}\s*|\s*…+\s*")
#: "Mele renette, cassetta 5 kg: 12,50 € al kg", in any of the ways in which people write it.
_LINE = re.compile(
    r"^[\s\-–•*·]*+(?P<title>.*?[^\s.…:–\-=])[\s.…:–\-=]*+(?<=\s)(?:(?:€|euro|eur)\s*)?"
    r"(?P<price>\d[\d.]*(?:,\d{1,4})?)\s*(?P<euro>€|euro|eur)?\s*"
    r"(?:(?:/|al?|per|il|la|l['’]|(?=kg\b|pz\b|cad))\s*(?P<unit>[^\W\d_][\w.²³]*))?\s*(?P<rest>[(\[].*[)\]]|\+\s*iva.*)?\s*$",
    re.IGNORECASE,
)
_RUNS = re.compile(r"([.…:–\-=])\1{2,}")
#: "Mele renette al kg 1,80": the unit stands before the price. Not "Olio 1 l 9,50": that is how much is in it.
_UNIT_BEFORE = re.compile(
    r"^(?P<title>.*?[^\W\d_])[\s,]+(?:al?l?[ao]?\s+)?(?P<unit>kg|pz|pezzo|lt|litro|l|mazzo|cad)\.?$",
    re.IGNORECASE,
)
HEADER = ("nome", "prezzo", "unità")
#: Characters of such a line. The pattern tries many ways to part it, so it is never tried on pages.
MAX_LINE = 240


def read_pasted(text: str) -> Sheet:
    """Rows of a pasted text. Raises :class:`Unreadable` where it is empty or too long."""
    if len(text) > MAX_BYTES:
        raise Unreadable("too_large", megabytes=len(text) // 1_000_000, limit=MAX_BYTES // 1_000_000)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise Unreadable("empty")
    for separator in SEPARATORS:
        # a comma parts prices, too: only the other marks tell that it was a table
        if separator != "," and sum(separator in line for line in filled) > 0.7 * len(filled):
            return read_delimited(text.encode(), encoding="utf-8", separator=separator)
    matches = [_price_line(line) for line in filled]
    named = [field_of(cell) for cell in _GAPS.split(filled[0].strip())]
    if len(set(named) - {None}) < 2 and sum(map(bool, matches)) >= 0.5 * len(filled):
        return _price_lines(lines)
    rows = Gathering()
    for number, line in enumerate(lines, 1):
        if not rows.full:
            rows.add(number, [cell.strip() for cell in _GAPS.split(line.strip())])
    rows.refuse_if_full(len(filled))
    return rows.sheet("text")


def _price_line(line: str) -> re.Match | None:
    """The parts of a line that ends with a price. Runs of blanks and of dots mean no more than one of them."""
    line = _RUNS.sub(r"\1", " ".join(line.split()))
    return _LINE.match(line) if len(line) <= MAX_LINE else None


def _price_lines(lines: list[str]) -> Sheet:
    """Lines that end with a price; one without a price stays a row of its own, so that it is reported."""
    rows = Gathering()
    for number, line in enumerate(lines, 1):
        if rows.full or not line.strip():
            continue
        if found := _price_line(line):
            title, unit = found["title"], found["unit"] or ""
            if not unit and (before := _UNIT_BEFORE.match(title)):
                title, unit = before["title"], before["unit"]
            rows.add(number, [title, found["price"], unit])
        else:
            rows.add(number, [line.strip()])
    rows.refuse_if_full(sum(1 for line in lines if line.strip()))
    sheet = rows.sheet("text")
    return Sheet((Row(0, HEADER), *sheet.rows), "text", header=0)
