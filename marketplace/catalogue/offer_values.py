"""An offer as its editors write it: plain values, between a form or a file and the table."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class VariantValues:
    """A size or kind with a price of its own; units as in :class:`~marketplace.catalogue.models.Offer`."""

    name: str
    price: int | None = None
    available: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferValues:
    """What an editor writes of an offer; units as in :class:`~marketplace.catalogue.models.Offer`."""

    title: str
    category: str
    unit: str
    vat_treatment: str
    description: str = ""
    price: int | None = None
    box_size: int | None = None
    minimum: int | None = None
    multiple: int | None = None
    maximum_per_member: int | None = None
    available: int | None = None
    capacity: int | None = None
    capacity_period: str | None = None
    months: frozenset[int] = frozenset()
    lead_time_days: int | None = None
    open_price: dict[str, int] | None = None
    food: dict[str, Any] | None = None
    area_ids: list[int] | None = None
    variants: tuple[VariantValues, ...] = ()


#: The columns of an offer that its editors write.
COLUMNS = tuple(field.name for field in fields(OfferValues) if field.name != "variants")
