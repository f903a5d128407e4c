"""A price list as GDXP v1 (JSON): numbers as numbers, the order block, where there is one, as ``supplier.orderInfo``."""

import json
from collections.abc import Sequence
from datetime import datetime

from marketplace.price_lists.gdxp.document import Product
from marketplace.price_lists.gdxp.lines import as_product, point
from marketplace.price_lists.listed import QUANTITY_DECIMALS, LabelOf, Listed
from marketplace.rome_time import ROME

SIGNATURE = "Incontro"


class _Decimal(float):
    """A number that is written with the digits it was given, not with those of a binary fraction."""

    def __new__(cls, text: str):
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __repr__(self) -> str:
        return self.text


def gdxp_file(
    party: dict,
    lines: Sequence[Listed],
    label_of: LabelOf,
    *,
    now: datetime,
    subject: dict | None = None,
    order: dict | None = None,
    booked: Sequence[int] | None = None,
) -> bytes:
    """The document. ``party`` and ``subject`` are GDXP parties (name, vatNumber, contacts...); the subject of a
    price list is its supplier. ``order`` is phase, openDate, closeDate and where there is one deliveryDate. With
    ``booked``, one quantity in thousandths of the unit for each line, they are the bookings of the subject.
    """
    products = [_product(as_product(line, label_of)) for line in lines]
    for product, quantity in zip(products, booked or (), strict=booked is not None):
        product["bookingInfo"] = {"totalQty": _number(point(quantity, QUANTITY_DECIMALS))}
    supplier = party | {"products": products}
    if order is not None:
        supplier["orderInfo"] = order
    document = {
        "protocolVersion": _Decimal("1.0"),
        "creationDate": f"{now.astimezone(ROME):%Y-%m-%d}",
        "applicationSignature": SIGNATURE,
        "subject": subject or party,
        "blocks": [{"supplier": supplier}],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def party(
    name: str,
    *,
    vat_number: str = "",
    tax_code: str = "",
    email: str = "",
    phone: str = "",
    website: str = "",
) -> dict:
    """A supplier or a subject; ``vatNumber`` is always written, because it is the supplier's key."""
    contacts = [
        {"type": kind, "value": value}
        for kind, value in (("emailAddress", email), ("phoneNumber", phone), ("webSite", website))
        if value
    ]
    made = {"name": name, "vatNumber": vat_number, "contacts": contacts}
    return made | ({"taxCode": tax_code} if tax_code else {})


def _product(product: Product) -> dict:
    return {
        "sku": product.sku,
        "name": product.name,
        "category": product.category,
        "um": product.unit,
        "description": product.description,
        "active": product.active,
        "orderInfo": {
            "umPrice": _number(product.price),
            "packageQty": int(product.package),
            "minQty": _number(product.minimum),
            "mulQty": _number(product.multiple),
            "maxQty": _number(product.maximum_per_member),
            "availableQty": _number(product.available),
            "vatRate": _number(product.vat_rate),
        },
    }


def _number(text: str) -> int | _Decimal:
    return _Decimal(text) if "." in text else int(text)
