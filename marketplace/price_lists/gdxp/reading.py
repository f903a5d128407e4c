"""Whatever GDXP arrives: v1 JSON, a zip of several, v0 XML; and its products as a sheet for the import."""

from collections.abc import Sequence

from marketplace.price_lists.gdxp.document import Document, Product, Weight
from marketplace.price_lists.gdxp.reader_v0 import read_v0
from marketplace.price_lists.gdxp.reader_v1 import read_v1
from marketplace.price_lists.sheets.packed import opened, read_part
from marketplace.price_lists.sheets.sheet import MAX_BYTES, Gathering, Note, Row, Sheet, Unreadable

#: Fields of an import that GDXP can say, in the order of the sheet's columns.
COLUMNS = (
    "key", "title", "description", "category", "unit", "price", "vat", "box_size", "minimum", "multiple",
    "maximum_per_member", "available", "active",
)  # fmt: skip


def read_gdxp(content: bytes) -> tuple[tuple[str, Document], ...]:
    """The documents of a file, each with its name within a zip ("" for a single one). Raises :class:`Unreadable`."""
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", megabytes=len(content) // 1_000_000, limit=MAX_BYTES // 1_000_000)
    if content.startswith(b"PK"):
        return _zipped(content)
    return (("", _single(content)),)


def _single(content: bytes) -> Document:
    head = content[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return read_v0(content) if head.startswith(b"<") else read_v1(content)


def _zipped(content: bytes) -> tuple[tuple[str, Document], ...]:
    with opened(content) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith((".json", ".gdxp", ".xml"))]
        if not names:
            raise Unreadable("no_gdxp")
        return tuple((name, _single(read_part(archive, name))) for name in names)


def as_sheet(documents: Sequence[tuple[str, Document]]) -> Sheet:
    """The products of one supplier as rows; a product that several documents name is taken once.

    Raises :class:`Unreadable` where the documents are of several suppliers, which are lists of their own.
    """
    suppliers = [supplier for _name, document in documents for supplier in document.suppliers]
    who = {(supplier.vat_number or supplier.name.casefold()) for supplier in suppliers}
    if len(who) > 1:
        names = ", ".join(dict.fromkeys(supplier.name for supplier in suppliers))
        raise Unreadable("several_suppliers", names=names[:200], count=len(who))
    rows, seen = Gathering(), set()
    for supplier in suppliers:
        for product in supplier.products:
            known = product.sku or product.name.casefold()
            if len(suppliers) > 1 and known in seen:
                continue
            seen.add(known)
            rows.add(len(seen), product_cells(product))
    found = rows.sheet("gdxp")
    return Sheet((Row(0, COLUMNS), *found.rows), "gdxp", tuple(_notes(documents)), header=0)


def _notes(documents: Sequence[tuple[str, Document]]):
    dialects = dict.fromkeys(code for _name, document in documents for code in document.dialects)
    if dialects:
        yield Note("gdxp_dialects", {"codes": ", ".join(dialects)})
    errors = sum(d.weight is Weight.ERROR for _name, document in documents for d in document.departures)
    if errors:
        yield Note("gdxp_errors", {"count": errors})
    extras = {extra for _name, document in documents for extra in document.extras}
    if extras:
        yield Note("gdxp_extras", {"names": ", ".join(sorted(extras))})
    if any(p.shipping not in ("", "0") for _n, d in documents for s in d.suppliers for p in s.products):
        yield Note("gdxp_shipping")


def product_cells(product: Product) -> list[str]:
    """The cells of :data:`COLUMNS`: a decimal comma, and nothing where GDXP means "no limit" or "no box"."""
    return [
        product.sku,
        product.name,
        product.description,
        product.category,
        product.unit,
        _said(product.price, "0"),
        f"{_comma(product.vat_rate)}%" if product.vat_rate else "",
        _said(product.package, "0", "1"),
        _said(product.minimum, "0", "1"),
        _said(product.multiple, "0"),
        _said(product.maximum_per_member, "0"),
        _said(product.available, "0"),
        "1" if product.active else "0",
    ]


def _said(number: str, *silent: str) -> str:
    return "" if number in silent else _comma(number)


def _comma(number: str) -> str:
    return number.replace(".", ",")
