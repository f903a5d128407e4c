"""Suppliers, offers and claims as numpy columns: what a match reads instead of documents.

A :class:`Columns` never changes. It is built from documents (:meth:`Columns.build`, about 100,000
offers a second), put together from parts with a mask of the suppliers still alive
(:meth:`Columns.concat`: an engine keeps one part per segment, and a changed supplier is a new row
in a new part while its old row is masked), and stored as plain arrays (:mod:`search.column_arrays`).
It knows neither the category tree nor the criteria, so neither makes it stale.

Rows are positions: suppliers 0 to S-1 in the order given, offers 0 to O-1 grouped by supplier.
Codes (categories, units, criteria, ...) are positions in a vocabulary of the same Columns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from geo.areas import Area, Place
from search.area_parts import AreaParts
from search.claim_columns import ClaimColumns, ClaimLists
from search.documents import OfferDocument, SupplierDocument
from search.offer_areas import OfferAreas
from search.vocabulary import TagLists, Tags, Vocabulary, merged

UNKNOWN = -1
"""In the columns of price and available quantity: none, on request, not known."""
LARGEST = 10**15
"""Prices and quantities are cut to this, so that sums of them stay within 64 bits."""
ALL_YEAR = 0b1111_1111_1111
"""Months as bits, January lowest."""


def month_bits(months: Iterable[int]) -> int:
    """Months 1 to 12 as bits; none means all year."""
    bits = 0
    for month in months:
        bits |= 1 << (month - 1)
    return bits or ALL_YEAR


@dataclass(frozen=True, eq=False)
class OfferColumns:
    """One row per offer. ``supplier`` is a row of the suppliers; ``category`` and ``unit`` are codes.

    ``price`` in ten-thousandths of a euro with VAT and ``available`` in
    thousandths of the unit are :data:`UNKNOWN` where the document has none.
    ``months`` are bits (:func:`month_bits`).
    """

    ids: np.ndarray
    supplier: np.ndarray
    category: np.ndarray
    unit: np.ndarray
    published: np.ndarray
    price: np.ndarray
    vat: np.ndarray
    months: np.ndarray
    available: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


OFFER_TYPES = {
    "ids": np.int64,
    "supplier": np.int32,
    "category": np.int32,
    "unit": np.int32,
    "published": np.bool_,
    "price": np.int64,
    "vat": np.int32,
    "months": np.uint16,
    "available": np.int64,
}
"""The dtype of each column of the offers."""


@dataclass(frozen=True, eq=False)
class Columns:
    """A world of suppliers and offers. ``lats`` and ``lons`` are NaN for a supplier that is not placed."""

    supplier_ids: np.ndarray
    names: np.ndarray
    lats: np.ndarray
    lons: np.ndarray
    active: np.ndarray
    kinds: Tags
    qualifications: Tags
    areas: AreaParts
    supplier_claims: ClaimColumns
    offers: OfferColumns
    offer_claims: ClaimColumns
    category_codes: Vocabulary
    unit_codes: Vocabulary
    offer_areas: OfferAreas = field(default_factory=lambda: OfferAreas.of(()))

    def __len__(self) -> int:
        """How many suppliers there are, matched or not."""
        return len(self.supplier_ids)

    @classmethod
    def build(cls, suppliers: Iterable[SupplierDocument]) -> "Columns":
        """The columns of documents, each supplier once. Offers of one supplier keep their order."""
        ids, names, lats, lons, active, areas = [], [], [], [], [], []
        kinds, qualifications = TagLists(), TagLists()
        supplier_claims, offer_claims = ClaimLists(), ClaimLists()
        categories, units = Vocabulary(), Vocabulary()
        offers: list[tuple] = []
        own_areas: list[tuple[int, tuple[int, ...]]] = []
        for row, supplier in enumerate(suppliers):
            ids.append(supplier.id)
            names.append(supplier.name)
            lats.append(supplier.seat.lat if supplier.seat else np.nan)
            lons.append(supplier.seat.lon if supplier.seat else np.nan)
            active.append(supplier.active)
            areas.append(tuple(supplier.areas))
            kinds.add(row, supplier.kinds)
            qualifications.add(row, supplier.qualifications)
            supplier_claims.add(row, supplier.claims)
            for offer in supplier.offers:
                if offer.claims:
                    offer_claims.add(len(offers), offer.claims)
                if offer.areas is not None:
                    own_areas.append((len(offers), offer.areas))
                offers.append(_offer_row(row, offer, categories, units))
        return cls(
            supplier_ids=np.array(ids, dtype=np.int64),
            names=_objects(names),
            lats=np.array(lats, dtype=np.float64),
            lons=np.array(lons, dtype=np.float64),
            active=np.array(active, dtype=np.bool_),
            kinds=kinds.tags(),
            qualifications=qualifications.tags(),
            areas=AreaParts.build(areas),
            supplier_claims=supplier_claims.columns(),
            offers=_offer_columns(offers),
            offer_claims=offer_claims.columns(),
            category_codes=categories,
            unit_codes=units,
            offer_areas=OfferAreas.of(own_areas),
        )

    @classmethod
    def concat(cls, parts: Sequence["Columns"], live: Sequence[np.ndarray | None] | None = None) -> "Columns":
        """The suppliers of several parts, one after the other, in the order of their rows.

        ``live`` holds, per part, a boolean mask over its suppliers or ``None``
        for all; the others go with everything they own. It takes some
        milliseconds at 100,000 offers; the trees of the areas are reused.
        """
        masks = [None] * len(parts) if live is None else list(live)
        kept = [
            part if mask is None or bool(np.all(mask)) else part._selected(np.flatnonzero(mask))
            for part, mask in zip(parts, masks, strict=True)
        ]
        if len(kept) == 1:
            return kept[0]
        if not kept:
            return cls.build(())
        supplier_shifts = np.cumsum([0, *(len(part) for part in kept)])[:-1]
        offer_shifts = np.cumsum([0, *(len(part.offers) for part in kept)])[:-1]
        categories, category_maps = merged([part.category_codes for part in kept])
        units, unit_maps = merged([part.unit_codes for part in kept])

        def joined(name: str) -> np.ndarray:
            return np.concatenate([getattr(part, name) for part in kept])

        offers = {name: np.concatenate([getattr(part.offers, name) for part in kept]) for name in OFFER_TYPES}
        for name, changes in (("category", category_maps), ("unit", unit_maps)):
            offers[name] = np.concatenate(
                [change[getattr(part.offers, name)] for part, change in zip(kept, changes, strict=True)]
            )
        offers["supplier"] = np.concatenate(
            [
                part.offers.supplier + np.int32(shift)
                for part, shift in zip(kept, supplier_shifts, strict=True)
            ]
        )
        return cls(
            supplier_ids=joined("supplier_ids"),
            names=joined("names"),
            lats=joined("lats"),
            lons=joined("lons"),
            active=joined("active"),
            kinds=Tags.concat([part.kinds for part in kept], supplier_shifts),
            qualifications=Tags.concat([part.qualifications for part in kept], supplier_shifts),
            areas=AreaParts.concat([part.areas for part in kept]),
            supplier_claims=ClaimColumns.concat([part.supplier_claims for part in kept], supplier_shifts),
            offers=OfferColumns(**offers),
            offer_claims=ClaimColumns.concat([part.offer_claims for part in kept], offer_shifts),
            category_codes=categories,
            unit_codes=units,
            offer_areas=OfferAreas.concat([part.offer_areas for part in kept], offer_shifts),
        )

    def _selected(self, rows: np.ndarray) -> "Columns":
        """The same with these suppliers only, ``rows`` ascending."""
        new_row = np.full(len(self), UNKNOWN, dtype=np.int32)
        new_row[rows] = np.arange(len(rows), dtype=np.int32)
        offer_rows = np.flatnonzero(new_row[self.offers.supplier] >= 0)
        new_offer = np.full(len(self.offers), UNKNOWN, dtype=np.int32)
        new_offer[offer_rows] = np.arange(len(offer_rows), dtype=np.int32)
        offers = {name: getattr(self.offers, name)[offer_rows] for name in OFFER_TYPES}
        offers["supplier"] = new_row[offers["supplier"]]
        return Columns(
            supplier_ids=self.supplier_ids[rows],
            names=self.names[rows],
            lats=self.lats[rows],
            lons=self.lons[rows],
            active=self.active[rows],
            kinds=self.kinds.renumbered(new_row),
            qualifications=self.qualifications.renumbered(new_row),
            areas=self.areas.selected(rows, new_row),
            supplier_claims=self.supplier_claims.renumbered(new_row),
            offers=OfferColumns(**offers),
            offer_claims=self.offer_claims.renumbered(new_offer),
            category_codes=self.category_codes,
            unit_codes=self.unit_codes,
            offer_areas=self.offer_areas.renumbered(new_offer),
        )

    @cached_property
    def offer_starts(self) -> np.ndarray:
        """First offer row of each supplier, and the end: S+1 positions."""
        return np.searchsorted(self.offers.supplier, np.arange(len(self) + 1))

    @cached_property
    def considered(self) -> np.ndarray:
        """Mask of the suppliers that are active and placed and have a published offer."""
        published = np.zeros(len(self), dtype=np.bool_)
        published[self.offers.supplier[self.offers.published]] = True
        return published & self.active & ~np.isnan(self.lats)

    @cached_property
    def considered_count(self) -> int:
        """How many suppliers are considered."""
        return int(np.count_nonzero(self.considered))

    @cached_property
    def _by_category(self) -> tuple[np.ndarray, np.ndarray]:
        """Published offers of considered suppliers in order of category, then row; and each category's start."""
        rows = np.flatnonzero(self.offers.published & self.considered[self.offers.supplier])
        categories = self.offers.category[rows]
        # A stable sort of 16-bit integers is a radix sort: ten times faster than one of 32 bits.
        narrow = categories.astype(np.int16) if len(self.category_codes) < 2**15 else categories
        order = np.argsort(narrow, kind="stable")
        starts = np.searchsorted(categories[order], np.arange(len(self.category_codes) + 1))
        return rows[order], starts

    def listed_offers(self, categories: Iterable[int]) -> np.ndarray:
        """Rows, ascending, of the published offers of considered suppliers in the categories (codes here)."""
        rows, starts = self._by_category
        found = [rows[starts[category] : starts[category + 1]] for category in categories]
        if not found:
            return rows[:0]
        return np.sort(np.concatenate(found), kind="stable") if len(found) > 1 else found[0]

    def reached(self, place: Place, among: np.ndarray) -> np.ndarray:
        """Mask of the suppliers ``among`` these rows with a delivery area that covers the place."""
        return self.areas.reached(place, among)

    def areas_of(self, row: int) -> tuple[Area, ...]:
        """The delivery areas of the supplier in this row."""
        return self.areas.lists[row]

    def supplier_rows(self, supplier_ids: Sequence[int] | np.ndarray) -> np.ndarray:
        """Rows of these suppliers, :data:`UNKNOWN` for one that is not here."""
        return _rows_of(self.supplier_ids, self._supplier_order, supplier_ids)

    def offer_rows(self, offer_ids: Sequence[int] | np.ndarray) -> np.ndarray:
        """Rows of these offers, :data:`UNKNOWN` for one that is not here."""
        return _rows_of(self.offers.ids, self._offer_order, offer_ids)

    @cached_property
    def _supplier_order(self) -> np.ndarray:
        return np.argsort(self.supplier_ids, kind="stable")

    @cached_property
    def _offer_order(self) -> np.ndarray:
        return np.argsort(self.offers.ids, kind="stable")

    def warm(self) -> "Columns":
        """The same, with everything computed that a first match would otherwise wait for."""
        _ = self.offer_starts, self.considered_count, self._by_category
        return self


_MONTH_BITS: dict[frozenset[int], int] = {}


def _offer_row(row: int, offer: OfferDocument, categories: Vocabulary, units: Vocabulary) -> tuple:
    """The values of one offer in the order of :data:`OFFER_TYPES`."""
    months = _MONTH_BITS.get(offer.months)
    if months is None:
        months = _MONTH_BITS.setdefault(offer.months, month_bits(offer.months))
    return (
        offer.id,
        row,
        categories.add(offer.category),
        units.add(offer.unit),
        offer.published,
        UNKNOWN if offer.price is None else min(offer.price, LARGEST),
        offer.vat_rate,
        months,
        UNKNOWN if offer.available is None else min(offer.available, LARGEST),
    )


def _offer_columns(rows: list[tuple]) -> OfferColumns:
    columns = zip(*rows, strict=True) if rows else ([] for _ in OFFER_TYPES)
    return OfferColumns(
        **{
            name: np.array(column, dtype=dtype)
            for (name, dtype), column in zip(OFFER_TYPES.items(), columns, strict=True)
        }
    )


def _objects(items: list) -> np.ndarray:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def _rows_of(ids: np.ndarray, order: np.ndarray, asked: Sequence[int] | np.ndarray) -> np.ndarray:
    asked = np.asarray(asked, dtype=np.int64)
    if not len(ids):
        return np.full(len(asked), UNKNOWN, dtype=np.int64)
    place = np.minimum(np.searchsorted(ids, asked, sorter=order), len(ids) - 1)
    return np.where(ids[order[place]] == asked, order[place], UNKNOWN)
