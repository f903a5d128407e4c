"""GDXP v1 (JSON) in the dialects found in the wild; ``docs/gdxp.md`` names them."""

import re
from collections.abc import Iterable

from marketplace.price_lists.gdxp.document import Document, Product, Supplier
from marketplace.price_lists.gdxp.fields import Departures, Fields
from marketplace.price_lists.gdxp.strict_json import Number, load
from marketplace.price_lists.sheets.delimited import decode
from marketplace.price_lists.sheets.sheet import MAX_ROWS, Unreadable

CONTACT_TYPES = frozenset({"phoneNumber", "faxNumber", "mobileNumber", "emailAddress", "webSite"})
PHASES = frozenset({"preorder", "order", "booking"})
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_REQUIRED = ("protocolVersion", "creationDate", "applicationSignature", "subject", "blocks")


def read_v1(content: bytes) -> Document:
    """The document. Raises :class:`Unreadable` where it is no GDXP at all."""
    text, encoding = decode(content)
    departures = Departures()
    if encoding not in ("utf-8", "utf-8-sig"):
        departures.error("not_utf8", "", encoding=encoding)
    value, twice = load(text.removeprefix("\ufeff"))
    if not isinstance(value, dict) or "blocks" not in value:
        raise Unreadable("no_gdxp")
    for key in twice:
        departures.error("key_twice", key)
    return _Reader(departures).read(value)


class _Reader:
    def __init__(self, departures: Departures):
        self._note = departures
        self._extras: set[str] = set()
        self._products = 0

    def read(self, value: dict) -> Document:
        top = Fields(value, "", self._note)
        top.require(*_REQUIRED)
        version = self._version(top.raw("protocolVersion"))
        self._date(top, "creationDate")
        top.text("applicationSignature")
        if "subject" in top:
            self._party(top.object("subject"), "global_id")
        suppliers = tuple(self._block(block) for block in top.objects("blocks"))
        if not suppliers:
            self._note.error("no_blocks", "blocks")
        if self._extras and version == "1":
            self._note.dialect("extras_in_v1", "", extras=", ".join(sorted(self._extras)))
        return Document(version, suppliers, tuple(self._note.found), frozenset(self._extras))

    def _version(self, value: object) -> str:
        if value is None:
            return "1"
        text = str(value).strip()
        number = isinstance(value, Number)
        if text in {"1", "1.0"}:
            self._note.dialect("version_number" if number else "version_text", "protocolVersion", found=text)
            return "1"
        if text in {"2", "2.0"}:
            self._note.dialect("version_2", "protocolVersion", found=text)
            return "2"
        self._note.error("unknown_version", "protocolVersion", found=text[:40])
        return "1"

    def _block(self, block: Fields) -> Supplier:
        block.require("supplier")
        party = block.object("supplier")
        places = [
            (place, holder)
            for place, holder, name in (
                ("supplier_order", party, "order"),
                ("supplier_order_info", party, "orderInfo"),
                ("block_order_info", block, "orderInfo"),
            )
            if name in holder
        ]
        phase = ""
        for code, holder in places:
            order = holder.object("order" if code == "supplier_order" else "orderInfo")
            phase = phase or self._order(order)
            if code != "supplier_order_info":
                self._note.dialect(code, order.place)
        if len(places) > 1:
            self._note.error("order_twice", block.place)
        name, vat_number, tax_code, contacts = self._party(party, "vatNumber", vat_required=True)
        self._extra(party)
        party.require("products")
        return Supplier(name, vat_number, tax_code, contacts, tuple(self._all_products(party)), phase)

    def _order(self, order: Fields) -> str:
        phase = order.text("phase", required=True)
        if phase and phase not in PHASES:
            self._note.error("unknown_phase", order.at("phase"), found=phase[:40])
        for name in ("openDate", "closeDate", "deliveryDate"):
            if name in order or name != "deliveryDate":
                self._date(order, name)
        return phase

    def _date(self, holder: Fields, name: str) -> None:
        text = holder.text(name, required=holder.place != "")
        if text and not _DATE.fullmatch(text):
            self._note.error("no_date", holder.at(name), found=text[:40])

    def _party(self, party: Fields, key: str, *, vat_required: bool = False):
        name = party.text("name", required=True)
        vat_number = party.text("vatNumber", required=vat_required)
        tax_code = party.text("taxCode")
        if key == "global_id":
            party.text("global_id")
        if "address" in party:
            address = party.object("address")
            for part in ("street", "locality", "zipCode"):
                address.text(part)
            if "zipcode" in address and "zipCode" not in address:
                self._note.dialect("lower_case_zipcode", address.at("zipcode"))
        if "contacts" not in party:
            self._note.dialect("no_contacts", party.place)
        contacts = []
        for contact in party.objects("contacts"):
            kind, value = contact.text("type", required=True), contact.text("value")
            if kind and kind not in CONTACT_TYPES:
                self._note.error("unknown_contact", contact.at("type"), found=kind[:40])
            if value:
                contacts.append((kind, value))
        return name, vat_number, tax_code, tuple(contacts)

    def _extra(self, holder: Fields) -> None:
        for name in ("attachments", "transformations"):
            if name in holder:
                self._extras.add(name)

    def _all_products(self, party: Fields) -> Iterable[Product]:
        for item in party.objects("products"):
            self._products += 1
            if self._products > MAX_ROWS:
                raise Unreadable("too_many_rows", count=self._products, limit=MAX_ROWS)
            yield self._product(item)

    def _product(self, item: Fields) -> Product:
        item.require("orderInfo")
        info = (
            item.object("orderInfo") if "orderInfo" in item else Fields({}, item.at("orderInfo"), self._note)
        )
        self._extra(item)
        booked = ""
        if "bookingInfo" in item:
            booked = item.object("bookingInfo").number("totalQty", required=True)
        vat_rate = info.number("vatRate")
        if vat_rate and float(vat_rate) > 100:
            self._note.error("too_large", info.at("vatRate"), found=vat_rate, most=100)
        minimum = info.number("minQty")
        if minimum == "1":
            self._note.dialect("minimum_1_for_unset", info.at("minQty"))
        return Product(
            item.place,
            name=item.text("name", required=True),
            unit=item.text("um", required=True),
            category=item.text("category"),
            sku=item.text("sku"),
            description=item.text("description"),
            active=item.truth("active", True),
            price=info.number("umPrice", required=True) if "orderInfo" in item else "",
            package=info.number("packageQty", whole=True, least=1),
            minimum=minimum,
            multiple=info.number("mulQty"),
            maximum_per_member=info.number("maxQty"),
            available=info.number("availableQty"),
            shipping=info.number("shippingCost"),
            vat_rate=vat_rate,
            booked=booked,
        )
