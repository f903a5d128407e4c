"""A GDXP document as plain values, and what in it departs from the format.

The format and its dialects are described in ``docs/gdxp.md``.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Weight(StrEnum):
    """How much a departure matters to a reader."""

    DIALECT = "dialect"  # known and harmless: a reader that knows the dialects can rely on the file
    ERROR = "error"  # something required is missing, wrong or ambiguous


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the file is not as the format says: the place as a path, a stable code, and its values."""

    weight: Weight
    code: str
    place: str = ""
    values: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """Numbers are text as written with a decimal point, "" where absent; 0 is "no limit" (``maximum``, ...)."""

    place: str
    name: str
    unit: str = ""
    category: str = ""
    sku: str = ""
    description: str = ""
    active: bool = True
    price: str = ""
    package: str = ""
    minimum: str = ""
    multiple: str = ""
    maximum_per_member: str = ""
    available: str = ""
    shipping: str = ""
    vat_rate: str = ""
    booked: str = ""


@dataclass(frozen=True, slots=True)
class Supplier:
    name: str
    vat_number: str = ""
    tax_code: str = ""
    contacts: tuple[tuple[str, str], ...] = ()
    products: tuple[Product, ...] = ()
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One file. ``version`` is "0", "1" or "2"; ``departures`` in the order of the file."""

    version: str
    suppliers: tuple[Supplier, ...]
    departures: tuple[Departure, ...]
    extras: frozenset[str] = frozenset()

    @property
    def reliable(self) -> bool:
        """Whether a reader that knows the dialects can rely on it."""
        return not any(departure.weight is Weight.ERROR for departure in self.departures)

    @property
    def dialects(self) -> tuple[str, ...]:
        """The codes of the dialects recognised, each once."""
        return tuple(dict.fromkeys(d.code for d in self.departures if d.weight is Weight.DIALECT))

    @property
    def use(self) -> str:
        """``price_list``, ``order`` (an order block) or ``bookings`` (booked quantities)."""
        if any(product.booked for supplier in self.suppliers for product in supplier.products):
            return "bookings"
        return "order" if any(supplier.phase for supplier in self.suppliers) else "price_list"
