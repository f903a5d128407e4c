"""CSV as Italian spreadsheets, tills and colleagues write it: encoding and separator guessed, nothing merged silently."""

import csv
import io
from collections.abc import Iterator

from marketplace.price_lists.sheets.sheet import MAX_CELL, Gathering, Note, Sheet, Unreadable

SEPARATORS = (";", ",", "\t", "|")
#: Lines looked at to guess the separator.
_LOOKED_AT = 30
#: A row that swallowed so many lines is a quotation mark that was never closed, not a description.
_MAX_LINES_IN_A_CELL = 200
_CP1252_UNUSED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8, UTF-16 (with or without mark) or Windows-1252.

    Raises :class:`Unreadable` for what is no text at all.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    ):  # fmt: skip
        if content.startswith(mark):
            return _decoded(content, encoding), encoding
    if guessed := _utf16_without_mark(content):
        return _decoded(content, guessed), guessed
    if b"\0" in content:
        raise Unreadable("no_text")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if any(byte in content for byte in _CP1252_UNUSED):
        raise Unreadable("no_text")
    return content.decode("cp1252"), "cp1252"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable("broken_encoding", encoding=encoding) from None


def _utf16_without_mark(content: bytes) -> str | None:
    """Latin text in UTF-16 has a zero in every other byte."""
    head = content[:2000]
    if len(head) < 8:
        return None
    odd, even = head[1::2].count(0) / len(head[1::2]), head[::2].count(0) / len(head[::2])
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.1 else None


def guess_separator(text: str) -> str:
    """The mark that parts the first lines into the most columns, most evenly; ";" where none does."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_LOOKED_AT]
    best, best_rank = ";", (0, 0.0)
    for mark in SEPARATORS:
        counts = [_outside_quotes(line, mark) for line in lines]
        most = max(set(counts), key=lambda n: (counts.count(n) * (n > 0), n), default=0)
        even = counts.count(most) / len(counts) if counts else 0.0
        # a comma also parts "1,50": it wins only where lines agree about it
        rank = (most > 0, even + (0 if mark == "," else 0.25))
        if rank > best_rank:
            best, best_rank = mark, rank
    return best


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def read_delimited(content: bytes, *, encoding: str = "", separator: str = "") -> Sheet:
    """The rows of a CSV file. Raises :class:`Unreadable` with the row, e.g. where a quotation mark is not closed."""
    if encoding:
        text = _decoded(content, encoding)
    else:
        text, encoding = decode(content)
    if text.startswith("\ufeff"):
        text = text[1:]
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        # Excel's own first line
        separator, text, skipped = first.strip()[4], rest, 1
    else:
        skipped = 0
    separator = separator or guess_separator(text)
    rows, total = Gathering(text.count("\n")), 0
    for number, cells in _rows(text, separator):
        total += 1
        if not rows.full:
            rows.add(number + skipped, cells)
    rows.refuse_if_full(total)
    notes = (Note("nul_removed"),) if "\0" in text else ()
    return rows.sheet("csv", encoding=encoding, separator=separator, notes=notes)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(max(csv.field_size_limit(), 1 << 20))
    lines = io.StringIO(text.replace("\0", ""), newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as reason:
            code = "unclosed_quote" if "end of data" in str(reason) else "broken_quote"
            if "field larger" in str(reason):
                code = "cell_too_long"
            raise Unreadable(code, row=begins, column=0, count=1 << 20, limit=MAX_CELL) from None
        if cells is None:
            return
        if reader.line_num - begins > _MAX_LINES_IN_A_CELL:
            raise Unreadable("unclosed_quote", row=begins)
        yield begins, cells
        begins = reader.line_num + 1
