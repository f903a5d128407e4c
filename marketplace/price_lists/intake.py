"""Any file that arrives, by what it contains and never by its name."""

import zipfile
from io import BytesIO

from marketplace.price_lists.gdxp.reading import as_sheet, read_gdxp
from marketplace.price_lists.sheets.delimited import read_delimited
from marketplace.price_lists.sheets.ods import read_ods
from marketplace.price_lists.sheets.pasted import read_pasted
from marketplace.price_lists.sheets.sheet import MAX_BYTES, Sheet, Unreadable

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_any(content: bytes, *, pasted: bool = False, encoding: str = "", separator: str = "") -> Sheet:
    """The rows. ``encoding`` and ``separator`` overrule the guesses for CSV. Raises :class:`Unreadable`."""
    if not content.strip(b"\0 \t\r\n"):
        raise Unreadable("empty")
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", megabytes=len(content) // 1_000_000, limit=MAX_BYTES // 1_000_000)
    if pasted:
        return read_pasted(content.decode("utf-8", errors="replace"))
    if content.startswith(b"PK"):
        return _packed(content)
    if content.startswith(_OLD_EXCEL):
        raise Unreadable("old_excel")
    if content.startswith(b"%PDF"):
        raise Unreadable("pdf")
    head = content[:2000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"{", b"[{", b"[]")):
        return as_sheet(read_gdxp(content))
    if head.startswith(b"<"):
        if b"<html" in head or b"<!doctype html" in head:
            raise Unreadable("web_page")
        return as_sheet(read_gdxp(content))
    return read_delimited(content, encoding=encoding, separator=separator)


def _packed(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("broken_file") from None
    if "xl/workbook.xml" in names:
        # here: its library is slow to import, and few files are workbooks
        from marketplace.price_lists.sheets.xlsx import read_xlsx

        return read_xlsx(content)
    if "mimetype" in names:
        return read_ods(content)
    return as_sheet(read_gdxp(content))
