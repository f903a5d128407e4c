"""From a file to rows of text: encoding, separator, header, limits. What the cells mean is judged elsewhere."""

import csv
import difflib
import io
from dataclasses import dataclass
from pathlib import Path

from marketplace.district.dataset.layout import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Layout
from marketplace.district.dataset.problems import WHOLE_FILE, Problem

SEPARATORS = (",", ";", "\t")

#: A limit of our own: that of the csv module belongs to the process, and others may have moved it.
MAX_CELL_CHARACTERS = 131_072
_TOO_LONG = f"a cell is longer than {MAX_CELL_CHARACTERS:,} characters; a quote may be unclosed"

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record by column, blanks around them dropped; ``line`` is where the record begins."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file. ``whole`` is false where reading had to stop, so that rows may be missing."""

    rows: list[Row]
    whole: bool


def read_table(path: Path, layout: Layout, problems: list[Problem]) -> Table:
    """Read a file as far as it can be read; what is wrong is added to ``problems``, nothing is raised."""

    def refuse(reason: str, line: int = WHOLE_FILE, column: str = "") -> None:
        problems.append(Problem(layout.file, line, column, reason))

    text = _read_text(path, refuse)
    if text is None:
        return Table([], whole=False)
    header_line = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=header_line.count)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header = _read_header(records, layout, refuse)
    if header is None:
        return Table([], whole=False)
    return _read_rows(records, header, refuse)


def _read_text(path: Path, refuse) -> str | None:
    try:
        if path.stat().st_size > MAX_BYTES:
            refuse(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB; split the district")
            return None
        raw = path.read_bytes()
    except OSError as error:
        refuse(f"the file cannot be read ({error.strerror})")
        return None
    if raw.startswith(_UTF16_MARKS):
        refuse("the file is in UTF-16; save it as CSV in UTF-8")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        refuse("the file is not in UTF-8 (perhaps Windows-1252); save it as CSV in UTF-8", line)
        return None


def _read_header(records, layout: Layout, refuse) -> list[str] | None:
    try:
        header = [cell.strip() for cell in next(records, [])]
    except csv.Error as error:
        refuse(f"the header cannot be read ({error})", 1)
        return None
    if not any(header):
        refuse("the file is empty; its first line must name the columns", 1)
        return None
    if len(header) > MAX_COLUMNS:
        refuse(f"the header has {len(header)} columns; at most {MAX_COLUMNS} are read", 1)
        return None
    good = True
    for column in sorted({column for column in header if header.count(column) > 1}):
        refuse("the header names this column more than once" if column else "a column has no name", 1, column)
        good = False
    for column in header:
        if column and column not in layout.columns:
            close = difflib.get_close_matches(column, layout.columns, 1)
            refuse("no such column in this file" + (f"; perhaps {close[0]}" if close else ""), 1, column)
            good = False
    for column in layout.needed:
        if column not in header:
            refuse("the column is missing from the header", 1, column)
            good = False
    return header if good else None


def _read_rows(records, header: list[str], refuse) -> Table:
    rows: list[Row] = []
    while True:
        # a record may span lines, so it begins where the one before ended
        line = records.line_num + 1
        try:
            record = next(records, None)
        except csv.Error as error:
            refuse(f"the file cannot be read from here on ({_quotes_hint(error)})", line)
            return Table(rows, whole=False)
        if record is None:
            return Table(rows, whole=True)
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        if len(rows) == MAX_ROWS:
            refuse(f"the file has more than {MAX_ROWS:,} rows; the rest was not read", line)
            return Table(rows, whole=False)
        if max(map(len, cells)) > MAX_CELL_CHARACTERS:
            refuse(f"the file cannot be read from here on ({_TOO_LONG})", line)
            return Table(rows, whole=False)
        if len(cells) != len(header):
            refuse(f"the row has {len(cells)} cells and the header {len(header)}", line)
            continue
        bad = [column for column, cell in zip(header, cells, strict=True) if not _is_clean(cell)]
        for column in bad:
            refuse("the cell holds a control character", line, column)
        if not bad:
            rows.append(Row(line, dict(zip(header, cells, strict=True))))


def _is_clean(cell: str) -> bool:
    return cell.isprintable() or all(
        character.isprintable() or character in "\n\r\t\u00a0\u202f" for character in cell
    )


def _quotes_hint(error: csv.Error) -> str:
    message = str(error)
    if "field larger than" in message:
        return _TOO_LONG
    return f"a quote is unclosed or out of place: {message}"
