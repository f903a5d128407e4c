"""Sheets of LibreOffice (ODS): a small streaming reader of the few elements that a price list needs.

OpenDocument 1.3, part 3, sections 9 and 19: ``table:number-rows-repeated`` and ``table:number-columns-repeated``
may repeat an empty cell a million times, so a repetition is only unfolded where the cell holds something.
"""

import io
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from marketplace.price_lists.sheets.packed import opened, read_part
from marketplace.price_lists.sheets.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    Gathering,
    Note,
    Sheet,
    Unreadable,
    number_text,
)  # fmt: skip

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_BLANKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
#: Blanks that one element may stand for.
MAX_BLANKS = 100
_MIMETYPES = (b"application/vnd.oasis.opendocument.spreadsheet",)


def read_ods(content: bytes) -> Sheet:
    """The first sheet that holds something. Raises :class:`Unreadable`."""
    with opened(content) as archive:
        if not read_part(archive, "mimetype", 200).startswith(_MIMETYPES):
            raise Unreadable("no_workbook")
        xml = read_part(archive, "content.xml")
    try:
        # every prefix that a writer may choose for tables ends so
        return _Reading(xml.count(b":table-row ") + xml.count(b":table-row>") // 2).read(xml)
    except (ParseError, DefusedXmlException):
        raise Unreadable("broken_file") from None


class _Reading:
    def __init__(self, expected: int = 0):
        self._rows = Gathering(expected)
        self._number = 0
        self._total = 0
        self._merged = 0
        self._dates = 0
        self._no_value = 0

    def read(self, xml: bytes) -> Sheet:
        for _event, element in iterparse(io.BytesIO(xml), events=("end",), forbid_dtd=True):
            if element.tag == f"{_TABLE}table-row":
                self._row(element)
                element.clear()
            elif element.tag == f"{_TABLE}table" and self._total:
                break
            elif element.tag == f"{_TABLE}table":
                self._number = 0
        self._rows.refuse_if_full(self._total)
        return self._rows.sheet("ods", notes=tuple(self._notes()))

    def _notes(self):
        for code, count in (
            ("merged_cells", self._merged), ("dates", self._dates), ("formula_without_value", self._no_value),
        ):  # fmt: skip
            if count:
                yield Note(code, {"count": count, "cells": ""})

    def _row(self, element) -> None:
        repeated = _count(element, "number-rows-repeated")
        cells: list[str] = []
        for cell in element:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            text, times = self._cell(cell), _count(cell, "number-columns-repeated")
            if text and len(cells) + times > MAX_COLUMNS:
                raise Unreadable(
                    "too_many_columns", row=self._number + 1, count=len(cells) + times, limit=MAX_COLUMNS
                )
            cells.extend([text] * min(times, MAX_COLUMNS + 1 - min(len(cells), MAX_COLUMNS)))
        while cells and not cells[-1]:
            cells.pop()
        if cells and repeated > MAX_ROWS:
            raise Unreadable("too_many_rows", count=repeated, limit=MAX_ROWS)
        for extra in range(repeated if cells else 0):
            self._total += 1
            if not self._rows.full:
                self._rows.add(self._number + 1 + extra, list(cells))
        self._number += repeated

    def _cell(self, cell) -> str:
        if _count(cell, "number-columns-spanned") > 1 or _count(cell, "number-rows-spanned") > 1:
            self._merged += 1
        kind = cell.get(f"{_OFFICE}value-type")
        if kind in ("float", "currency", "percentage"):
            try:
                value = float(cell.get(f"{_OFFICE}value", ""))
            except ValueError:
                return _paragraphs(cell)
            return f"{number_text(value * 100)}%" if kind == "percentage" else number_text(value)
        if kind == "date":
            self._dates += 1
        text = _paragraphs(cell)
        if not text and cell.get(f"{_TABLE}formula"):
            self._no_value += 1
        return text


def _paragraphs(cell) -> str:
    return "\n".join(_line(paragraph) for paragraph in cell if paragraph.tag == f"{_TEXT}p").strip()


def _line(element) -> str:
    """The text of an element; blanks in a row, tabs and breaks of lines are elements (part 3, 6.1)."""
    found = [element.text or ""]
    for inside in element:
        if inside.tag == f"{_TEXT}s":
            # a count is a stranger's: no cell may be longer than the others are
            found.append(" " * min(_count_of_blanks(inside), MAX_BLANKS))
        elif inside.tag in _BLANKS:
            found.append(_BLANKS[inside.tag])
        else:
            found.append(_line(inside))
        found.append(inside.tail or "")
    return "".join(found)


def _count_of_blanks(element) -> int:
    text = element.get(f"{_TEXT}c", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _count(element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return min(int(text), 2**31) if text.isascii() and text.isdigit() and int(text) else 1
