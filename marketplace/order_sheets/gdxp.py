"""The bookings of an order as GDXP: one document for each group, because its subject is the group that orders."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from marketplace import formats
from marketplace.order_sheets.sheet import Recipient, Sheet, SheetProduct
from marketplace.price_lists.gdxp.writer import gdxp_file, party
from marketplace.price_lists.listed import Listed
from marketplace.rome_time import ROME

#: Files in an archive carry a moment, which would make the same order another file each time.
_NO_MOMENT = (1980, 1, 1, 0, 0, 0)


def bookings_file(sheet: Sheet, label_of: Callable[[str], str], now: datetime) -> tuple[bytes, bool]:
    """JSON where one group orders, else a zip of one JSON for each; and whether it is a zip."""
    documents = [_document(sheet, recipient, label_of, now) for recipient in sheet.recipients]
    if len(documents) == 1:
        return documents[0], False
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, document in enumerate(documents, start=1):
            archive.writestr(zipfile.ZipInfo(f"gruppo-{number}.json", _NO_MOMENT), document)
    return file.getvalue(), True


def _document(sheet: Sheet, recipient: Recipient, label_of: Callable[[str], str], now: datetime) -> bytes:
    products = [product for product in sheet.products if product.id in recipient.lines]
    order = {
        "phase": "booking",
        "openDate": _day(sheet.opened_at or now),
        "closeDate": _day(sheet.closed_at or now),
    }
    if sheet.delivery_from is not None:
        order["deliveryDate"] = _day(sheet.delivery_from)
    return gdxp_file(
        party(sheet.supplier, vat_number=sheet.vat_number, email=sheet.email),
        [
            Listed(
                product.id, product.own_code, product.title, _beside(product), category=product.category,
                unit=product.unit, price=product.unit_price, vat_treatment=product.vat_treatment,
                box_size=product.box_size,
            )
            for product in products
        ],
        label_of,
        now=now,
        subject=party(
            recipient.name,
            vat_number=recipient.vat_number,
            tax_code=recipient.tax_code,
            email=recipient.email,
        ),
        order=order,
        booked=[recipient.lines[product.id].quantity for product in products],
    )  # fmt: skip


def _beside(product: SheetProduct) -> str:
    """What the format has no field for: what is paid by weight, and deposits."""
    found = []
    if product.piece_weight:
        weight = formats.quantity(product.piece_weight, "kg")
        found.append(f"{formats.unit_price(product.price)}/kg, " + _("about %(weight)s each", weight=weight))
    if product.deposit:
        found.append(_("deposit %(amount)s", amount=formats.money(product.deposit)))
    return ", ".join(found)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(ROME):%Y-%m-%d}"
