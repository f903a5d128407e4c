"""Suppliers and offers as records of fixed size, which PostgreSQL joins end to end and numpy reads as columns.

Read value by value, a row costs more than the work on it; a record is copied. Numbers are little-endian,
codes are numbers of the build's table of codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.area_parts import AreaParts
from search.claim_columns import ClaimColumns
from search.columns import Columns, OfferColumns
from search.offer_areas import OfferAreas
from search.vocabulary import Tags, Vocabulary

SUPPLIER = np.dtype([("id", "<i8"), ("lat", "<f8"), ("lon", "<f8"), ("active", "?")])
OFFER = np.dtype(
    [
        ("id", "<i8"),
        ("supplier", "<i8"),
        ("category", "<i4"),
        ("unit", "<i4"),
        ("price", "<i8"),
        ("available", "<i8"),
        ("vat", "<i4"),
        ("months", "<u2"),
        ("published", "?"),
    ]
)
CLAIM = np.dtype(
    [("holder", "<i8"), ("criterion", "<i4"), ("proof", "i1"), ("expires", "<i4"), ("verified", "?")]
)
TAG = np.dtype([("holder", "<i8"), ("tag", "<i4")])
GOES = np.dtype([("offer", "<i8"), ("area", "<i4")])
"""An area that an offer names by its position; :data:`ITSELF` says only that the offer names its areas."""
ITSELF = -1
FOUND = np.dtype([("offer", OFFER), ("relevance", ">f4"), ("words", ">i4")])
"""An offer that a text found, with its relevance and how many of the words it has (as PostgreSQL sends numbers)."""


@dataclass(frozen=True, slots=True)
class Records:
    """What was read, each kind end to end; of ``names`` one per supplier, in the order of ``suppliers``."""

    offers: np.ndarray
    offer_claims: bytes
    offer_areas: bytes
    suppliers: bytes
    names: Sequence[str]
    supplier_claims: bytes
    kinds: bytes
    qualifications: bytes


def columns_of(records: Records, codes: Vocabulary) -> tuple[Columns, np.ndarray]:
    """The columns of records, and the order in which the offers' records became rows.

    Suppliers are ascending by id, offers by supplier and id. Delivery areas are not among the records.
    """
    suppliers = np.frombuffer(records.suppliers, SUPPLIER)
    by_id = np.argsort(suppliers["id"], kind="stable")
    suppliers = suppliers[by_id]
    names = np.empty(len(suppliers), dtype=object)
    names[:] = records.names
    owners = np.searchsorted(suppliers["id"], records.offers["supplier"]).astype(np.int32)
    order = np.lexsort((records.offers["id"], owners))
    offers = records.offers[order]
    supplier_rows = _Rows(suppliers["id"])
    offer_rows = _Rows(offers["id"])
    columns = Columns(
        supplier_ids=_column(suppliers, "id"),
        names=names[by_id],
        lats=_column(suppliers, "lat"),
        lons=_column(suppliers, "lon"),
        active=_column(suppliers, "active"),
        kinds=_tags(records.kinds, supplier_rows, codes),
        qualifications=_tags(records.qualifications, supplier_rows, codes),
        areas=AreaParts(np.empty(len(suppliers), dtype=object), ()),
        supplier_claims=_claims(records.supplier_claims, supplier_rows, codes),
        offers=OfferColumns(
            ids=_column(offers, "id"),
            supplier=owners[order],
            category=_column(offers, "category"),
            unit=_column(offers, "unit"),
            published=_column(offers, "published"),
            price=_column(offers, "price"),
            vat=_column(offers, "vat"),
            months=_column(offers, "months"),
            available=_column(offers, "available"),
        ),
        offer_claims=_claims(records.offer_claims, offer_rows, codes),
        category_codes=codes,
        unit_codes=codes,
        offer_areas=_offer_areas(records.offer_areas, offer_rows),
    )
    return columns, order


class _Rows:
    """Where ids are."""

    def __init__(self, ids: np.ndarray) -> None:
        self._order = np.argsort(ids, kind="stable")
        self._ids = ids[self._order]

    def of(self, ids: np.ndarray) -> np.ndarray:
        return self._order[np.searchsorted(self._ids, ids)].astype(np.int32)


def _column(records: np.ndarray, name: str) -> np.ndarray:
    return np.ascontiguousarray(records[name])


def _tags(content: bytes, rows: _Rows, codes: Vocabulary) -> Tags:
    tags = np.frombuffer(content, TAG)
    return Tags(rows.of(tags["holder"]), _column(tags, "tag"), codes)


def _claims(content: bytes, rows: _Rows, codes: Vocabulary) -> ClaimColumns:
    claims = np.frombuffer(content, CLAIM)
    columns = {name: _column(claims, name) for name in ("criterion", "proof", "expires", "verified")}
    return ClaimColumns.ordered({**columns, "holder": rows.of(claims["holder"])}, codes)


def _offer_areas(content: bytes, rows: _Rows) -> OfferAreas:
    goes = np.frombuffer(content, GOES)
    offers = rows.of(goes["offer"])
    itself = goes["area"] == ITSELF
    order = np.lexsort((goes["area"], offers))
    order = order[~itself[order]]
    return OfferAreas(np.sort(offers[itself]), offers[order], _column(goes, "area")[order])
