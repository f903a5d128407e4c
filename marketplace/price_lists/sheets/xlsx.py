"""Workbooks of Excel and LibreOffice (XLSX), by openpyxl's streaming reader behind the guards of ``packed``."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

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

#: Cells that are named when something of theirs must be reported; the rest is only counted.
_NAMED = 10
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_ROW = re.compile(rb"<(?:\w+:)?row[ >/]")
_FAR_CELL = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
# bounded and never tried twice: whoever writes such a file by hand must not choose how long it is looked at
_FORMULA_WITHOUT_VALUE = re.compile(
    rb'<(?:\w{1,20}:)?c\s[^<>]{0,200}?\br="([A-Z]{1,3}[0-9]{1,7})"[^<>]{0,200}>\s*+'
    rb"<(?:\w{1,20}:)?f(?:/>|\s[^<>]{0,300}/>|(?:\s[^<>]{0,300})?>[^<]*+</(?:\w{1,20}:)?f>)\s*+"
    rb"(?:<(?:\w{1,20}:)?v\s*+/>|<(?:\w{1,20}:)?v>\s*+</(?:\w{1,20}:)?v>)?\s*+</(?:\w{1,20}:)?c>"
)


def read_xlsx(content: bytes) -> Sheet:
    """The first visible sheet that holds something. Raises :class:`Unreadable`."""
    with opened(content) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise Unreadable("no_workbook")
        seen = {
            name: _look_at(read_part(archive, name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        }
    # broken XML is a SyntaxError of the standard library's parser, and of lxml's, which openpyxl takes where it is
    try:
        workbook = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
    except (
        InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError,
        OSError, SyntaxError, DefusedXmlException,
    ):  # fmt: skip
        raise Unreadable("broken_file") from None
    try:
        return _first_filled(workbook, seen)
    finally:
        workbook.close()


def _look_at(xml: bytes) -> tuple[int, tuple[Note, ...]]:
    """How many rows there are, and what the streaming reader does not tell: formulas that were never computed, merged cells.

    Also refuses, before anything is parsed, a sheet with more rows than are taken, or one far away.
    """
    rows = sum(1 for _ in _ROW.finditer(xml))
    if rows > 4 * MAX_ROWS:
        raise Unreadable("too_many_rows", count=rows, limit=MAX_ROWS)
    for column, row in _FAR_CELL.findall(xml):
        if int(row) > 4 * MAX_ROWS:
            raise Unreadable("cell_far_away", cell=(column + row).decode())
    notes = []
    for code, found in (
        ("formula_without_value", _FORMULA_WITHOUT_VALUE.findall(xml)),
        ("merged_cells", _MERGED.findall(xml)),
    ):
        if found:
            cells = ", ".join(cell.decode() for cell in found[:_NAMED])
            notes.append(
                Note(code, {"count": len(found), "cells": cells + ("…" if len(found) > _NAMED else "")})
            )
    return rows, tuple(notes)


def _first_filled(workbook, seen: dict[str, tuple[int, tuple[Note, ...]]]) -> Sheet:
    names = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    for worksheet in workbook.worksheets:
        if worksheet.sheet_state != "visible":
            continue
        # the <dimension> of a sheet may lie, and the reader would trust it
        worksheet.reset_dimensions()
        expected, noted = seen.get(worksheet._worksheet_path.lstrip("/"), (0, ()))
        rows, dates = _read(worksheet, expected)
        try:
            sheet = rows.sheet("xlsx")
        except Unreadable:
            continue
        notes = list(noted)
        if dates:
            notes.append(Note("dates", {"count": len(dates), "cells": ", ".join(dates[:_NAMED])}))
        if len(names) > 1:
            notes.append(Note("one_sheet_of_many", {"name": worksheet.title[:80], "count": len(names)}))
        return Sheet(sheet.rows, "xlsx", tuple(notes))
    raise Unreadable("empty")


def _read(worksheet, expected: int) -> tuple[Gathering, list[str]]:
    rows, dates, total = Gathering(expected), [], 0
    try:
        for cells in worksheet.iter_rows():
            filled = [cell for cell in cells if cell.value is not None]
            if not filled:
                continue
            total += 1
            if rows.full:
                continue
            if len(cells) > MAX_COLUMNS and filled[-1].column > MAX_COLUMNS:
                raise Unreadable("cell_far_away", cell=filled[-1].coordinate)
            texts = [""] * filled[-1].column
            for cell in filled:
                texts[cell.column - 1] = _text(cell.value)
                if isinstance(cell.value, date | time):
                    dates.append(cell.coordinate)
            rows.add(filled[0].row, texts)
    except (
        SyntaxError,
        KeyError,
        TypeError,
        IndexError,
        zipfile.BadZipFile,
        DefusedXmlException,
        OverflowError,
    ):
        raise Unreadable("broken_file") from None
    except ValueError as reason:
        if isinstance(reason, Unreadable):
            raise
        raise Unreadable("broken_file") from None
    rows.refuse_if_full(total)
    return rows, dates


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y") if value.time() == time() else value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
