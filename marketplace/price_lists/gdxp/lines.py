"""Lines of a price list as GDXP products: what the format cannot say is left out, and known to be left out."""

from collections.abc import Mapping

from marketplace.plain_decimals import write_decimal
from marketplace.price_lists.gdxp.document import Product
from marketplace.price_lists.gdxp.reading import COLUMNS, product_cells
from marketplace.price_lists.listed import (
    PRICE_DECIMALS,
    QUANTITY_DECIMALS,
    UNIT_WORDS,
    VAT_RATES,
    LabelOf,
    Listed,
)

_WHOLE = 1000  # thousandths of a unit


def as_product(line: Listed, label_of: LabelOf) -> Product:
    """The product. What is sold out is not active: an available quantity of 0 would mean "no limit"."""
    boxed = line.box_size is not None and line.box_size % _WHOLE == 0 and line.box_size >= _WHOLE
    return Product(
        "",
        name=line.title,
        unit=UNIT_WORDS.get(line.unit, line.unit),
        category=label_of(line.category) if line.category else "",
        sku=line.code,
        description=line.description,
        active=line.active and line.available != 0,
        price=point(line.price or 0, PRICE_DECIMALS),
        package=str(line.box_size // _WHOLE) if boxed else "1",
        minimum=point(line.minimum or 0, QUANTITY_DECIMALS),
        multiple=point(line.multiple or 0, QUANTITY_DECIMALS),
        maximum_per_member=point(line.maximum_per_member or 0, QUANTITY_DECIMALS),
        available=point(line.available or 0, QUANTITY_DECIMALS),
        vat_rate=point(VAT_RATES[line.vat_treatment], 2),
    )


def gdxp_cells(line: Listed, label_of: LabelOf) -> Mapping[str, str]:
    """The cells by field that would come back, were the line exported as GDXP and read again."""
    return dict(zip(COLUMNS, product_cells(as_product(line, label_of)), strict=True))


def point(count: int, decimals: int) -> str:
    """A count of smallest units as a number with a decimal point."""
    return write_decimal(count, decimals).replace(",", ".")
