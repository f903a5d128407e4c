"""offers.csv: goods and services."""

from marketplace.catalogue.models import OfferStatus
from marketplace.district.dataset.cells import Cells
from marketplace.district.dataset.organisations import MAX_DESCRIPTION
from marketplace.district.dataset.reference import Reference
from marketplace.district.dataset.rows import OfferRow
from marketplace.district.dataset.values import items, key, months, one_of, scaled
from marketplace.words import UNITS, VAT_TREATMENTS

DEFAULT_TREATMENT = "vat_22"


def read_offer(cells: Cells, reference: Reference) -> OfferRow | None:
    """One offer, or None where the row has a problem."""
    treatment = cells.parsed("vat", _vat, DEFAULT_TREATMENT)
    row = OfferRow(
        line=cells.line,
        key=cells.parsed("key", key, needed=True),
        organisation=cells.parsed("organisation", key, needed=True),
        title=cells.text("title", 160, needed=True),
        description=cells.text("description", MAX_DESCRIPTION, lines=True),
        category=cells.parsed("category", reference.category, needed=True),
        unit=cells.parsed("unit", one_of(UNITS), needed=True),
        price=cells.parsed("price", scaled(4, most=10**13)),
        vat_treatment=treatment,
        vat_rate=VAT_TREATMENTS[treatment][1],
        box_size=cells.parsed("box", scaled(3, least=1)),
        available=cells.parsed("available", scaled(3)),
        months=cells.parsed("months", months, frozenset()),
        lead_time_days=cells.parsed("lead_time_days", scaled(0, most=3650)),
        areas=cells.parsed("areas", lambda text: sorted({key(item) for item in items(text)})),
        status=cells.parsed("status", one_of(tuple(OfferStatus)), OfferStatus.PUBLISHED.value),
    )
    if row.price is not None and not cells.raw("vat"):
        cells.refuse("vat", "a price needs its rate of VAT, such as 4, 10, 22 or exempt_10")
    return row if cells.good else None


def _vat(text: str) -> str:
    """A rate in percent, or the code of a treatment."""
    code = f"vat_{text.removesuffix('%').strip()}"
    if code in VAT_TREATMENTS:
        return code
    return one_of(VAT_TREATMENTS)(text)
