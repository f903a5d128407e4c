"""GDXP v0 (XML), old and still exported by one program: read leniently, with entities off (ORDEAL 23).

Its DTD is not well-formed, so a DOCTYPE is taken away before parsing and never looked at. One that declares
entities, or whose DTD lies at an address, is refused.
"""

import re
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from marketplace.price_lists.gdxp.document import Document, Product, Supplier
from marketplace.price_lists.gdxp.fields import Departures, Fields
from marketplace.price_lists.gdxp.strict_json import Number
from marketplace.price_lists.sheets.delimited import decode
from marketplace.price_lists.sheets.sheet import MAX_ROWS, Unreadable

_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_DECLARED_ENCODING = re.compile(r"^\s*<\?xml[^>]*\?>", re.DOTALL)
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{0,31};)")
_MOMENT = re.compile(r"\d{8}(?:\d{6})?")
_MAX_DEPTH = 60


def read_v0(content: bytes) -> Document:
    """The document. Raises :class:`Unreadable` for what is no GDXP, or tries to make a reader fetch something."""
    text, _encoding = _decoded(content)
    departures = Departures()
    departures.dialect("version_0_xml")
    root = _parsed(text, departures)
    if root.tag.lower() != "gdxp":
        raise Unreadable("no_gdxp")
    return _Reader(departures).read(root)


def _decoded(content: bytes) -> tuple[str, str]:
    declared = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w.-]{2,20})["']""", content[:200])
    if declared and declared[1].lower() in (b"iso-8859-1", b"iso-8859-15", b"windows-1252", b"latin1"):
        return content.decode("cp1252", errors="replace"), "cp1252"
    return decode(content)


def _parsed(text: str, departures: Departures) -> Element:
    text = _DECLARED_ENCODING.sub("", text.removeprefix("\ufeff"))
    if "<!entity" in text.lower():
        raise Unreadable("xml_entities")
    if text.lower().count("<!doctype") > 1:
        raise Unreadable("xml_entities")
    if doctype := _DOCTYPE.search(text):
        if "://" in doctype.group():
            raise Unreadable("xml_remote_dtd")
        departures.dialect("doctype_ignored")
        text = _DOCTYPE.sub("", text, count=1)
    if "<!doctype" in text.lower():
        raise Unreadable("xml_entities")
    if text.count("<") > 60 * MAX_ROWS:
        raise Unreadable("too_many_rows", count=text.count("<") // 40, limit=MAX_ROWS)
    mended = _BARE_AMPERSAND.sub("&amp;", _NAMED_ENTITY.sub(_character, text))
    if mended != text:
        departures.error("bare_ampersand", "")
    try:
        return fromstring(mended.encode(), forbid_dtd=True)
    except ParseError as reason:
        raise Unreadable("xml_broken", row=reason.position[0], column=reason.position[1] + 1) from None
    except (DefusedXmlException, RecursionError, ValueError):
        raise Unreadable("xml_entities") from None


def _character(match: re.Match) -> str:
    """An entity of HTML, which XML does not know, as its character."""
    return html5.get(match[1] + ";", "&amp;" + match[1] + ";").replace("<", "&lt;")


class _Reader:
    def __init__(self, departures: Departures):
        self._note = departures

    def read(self, root: Element) -> Document:
        for name in ("protocolVersion", "creationDate", "applicationSignature"):
            if not root.get(name):
                self._note.error("missing", name)
        created = root.get("creationDate", "")
        if created and not _MOMENT.fullmatch(created):
            self._note.error("no_date", "creationDate", found=created[:40])
        suppliers = tuple(
            self._supplier(element, f"supplier[{number}]")
            for number, element in enumerate(child for child in root.iter() if child.tag == "supplier")
        )
        if not suppliers:
            self._note.error("missing", "supplier")
        return Document("0", suppliers, tuple(self._note.found))

    def _supplier(self, element: Element, place: str) -> Supplier:
        fields = Fields(_texts(element), place, self._note)
        address = element.find("address")
        if address is not None and address.find("zipcode") is not None:
            self._note.dialect("lower_case_zipcode", f"{place}.address.zipcode")
        contacts = tuple(
            (child.tag, child.text.strip())
            for primary in element.iter("primary")
            for child in primary
            if child.text and child.text.strip()
        )
        if not contacts:
            self._note.dialect("no_contacts", place)
        products = list(element.iter("product"))
        if len(products) > MAX_ROWS:
            raise Unreadable("too_many_rows", count=len(products), limit=MAX_ROWS)
        return Supplier(
            fields.text("name", required=True),
            fields.text("vatNumber"),
            fields.text("taxCode"),
            contacts,
            tuple(self._product(p, f"{place}.product[{number}]") for number, p in enumerate(products)),
            "order" if element.find("orders/order") is not None else "",
        )

    def _product(self, element: Element, place: str) -> Product:
        item = Fields(_texts(element), place, self._note)
        info = Fields(_numbers(element.find("orderInfo")), f"{place}.orderInfo", self._note)
        return Product(
            place,
            name=item.text("name", required=True),
            unit=item.text("um", required=True),
            category=item.text("category"),
            sku=item.text("sku"),
            description=item.text("description"),
            active=item.text("active").strip().lower() not in {"0", "false", "no"},
            price=info.number("umPrice", required=True),
            package=info.number("packageQty", whole=True),
            minimum=info.number("minQty"),
            multiple=info.number("mulQty"),
            # in v0 maxQty is the total orderable, not what one member may have
            available=info.number("maxQty"),
            shipping=info.number("shippingCost"),
            vat_rate=info.number("vatRate"),
        )


def _texts(element: Element) -> dict[str, str]:
    return {child.tag: " ".join((child.text or "").split()) for child in element if len(child) == 0}


def _numbers(element: Element | None) -> dict[str, str]:
    """Everything in XML is text: what is there becomes a number, a decimal comma a point."""
    found = {}
    for child in element if element is not None else ():
        text = (child.text or "").strip().replace("€", "").strip().rstrip("%").strip()
        if text:
            found[child.tag] = Number(text.replace(",", ".") if "." not in text else text)
    return found
