"""What is indexed and matched, as plain values.

A supplier travels whole, with its areas, claims and offers: an engine that
holds a supplier holds everything that a match of it depends on.
"""

from dataclasses import dataclass, field
from datetime import date

from geo.areas import Area
from geo.points import Point


@dataclass(frozen=True, slots=True)
class ClaimDocument:
    """An organisation, or one of its offers, meets a criterion.

    ``expires`` is the last valid day in Europe/Rome; ``None`` never expires.
    A claim that nobody verified counts as ``declared`` whatever its proof.
    """

    criterion: str
    proof: str
    expires: date | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class OfferDocument:
    """One good or service of a supplier.

    ``price`` is in ten-thousandths of a euro per ``unit``, VAT included;
    ``None`` means on request. ``vat_rate`` is in hundredths of a percent
    (2200 is 22 %), 0 where none is due. ``months`` empty means all year.
    ``available`` is in thousandths of ``unit`` for a whole need; ``None``
    means unknown. ``areas`` are positions among the supplier's areas where this
    offer goes; ``None`` means wherever the supplier does.
    """

    id: int
    title: str
    category: str
    unit: str
    description: str = ""
    published: bool = True
    price: int | None = None
    vat_rate: int = 0
    months: frozenset[int] = frozenset()
    available: int | None = None
    claims: tuple[ClaimDocument, ...] = ()
    areas: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class SupplierDocument:
    """An organisation as the engines see it; only active and placed ones are matched.

    ``comune`` is an ISTAT code, ``province`` a sigla such as ``BG``; ``kinds``
    and ``qualifications`` are sets of codes.
    """

    id: int
    name: str
    active: bool
    seat: Point | None
    comune: str | None = None
    province: str | None = None
    kinds: frozenset[str] = frozenset()
    qualifications: frozenset[str] = frozenset()
    areas: tuple[Area, ...] = ()
    claims: tuple[ClaimDocument, ...] = ()
    offers: tuple[OfferDocument, ...] = field(default=())
