"""Documents as rows of the tables, in the order of :data:`search.postgres.schema.COLUMNS`."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import shapely

from geo.areas import Area, ComuniArea, PolygonArea, ProvinceArea, RadiusArea, circle_boxes
from search.claim_columns import ClaimColumns
from search.columns import UNKNOWN, Columns
from search.criteria import Proof
from search.documents import SupplierDocument
from search.offer_stems import OfferAnalysis
from search.postgres.lexemes import tsvector
from search.postgres.records import CLAIM, GOES, ITSELF, OFFER, SUPPLIER, TAG
from search.vocabulary import Tags

SRID = 4326
FOR_EVER = "infinity"

NumberOf = Callable[[str], int]
"""A code to its number, given now if it is new."""


class Rows:
    """The rows of a batch of suppliers, each once."""

    def __init__(
        self, suppliers: Sequence[SupplierDocument], analysis: OfferAnalysis, number_of: NumberOf
    ) -> None:
        self._suppliers = suppliers
        self._analysis = analysis
        self._number_of = number_of
        self._columns = Columns.build(suppliers)

    def of(self, table: str) -> Iterator[tuple]:
        """The rows of one table."""
        return getattr(self, f"_{table}_rows")()

    def _supplier_rows(self) -> Iterator[tuple]:
        columns = self._columns
        records = np.zeros(len(columns), SUPPLIER)
        for name, column in (
            ("id", columns.supplier_ids),
            ("lat", columns.lats),
            ("lon", columns.lons),
            ("active", columns.active),
        ):
            records[name] = column
        claims = self._claims(columns.supplier_claims, columns.supplier_ids)
        kinds, qualifications = self._tags(columns.kinds), self._tags(columns.qualifications)
        for row, supplier in enumerate(self._suppliers):
            published = any(offer.published for offer in supplier.offers)
            yield (
                supplier.id,
                supplier.name.replace("\0", ""),
                None if supplier.seat is None else _point(supplier.seat.lon, supplier.seat.lat),
                bool(supplier.active and published and supplier.seat is not None),
                bool(supplier.active and published),
                [self._number_of(kind) for kind in sorted(supplier.kinds)],
                records[row].tobytes(),
                claims[row],
                kinds[row],
                qualifications[row],
            )

    def _offer_rows(self) -> Iterator[tuple]:
        columns, offers = self._columns, self._columns.offers
        records = np.zeros(len(offers), OFFER)
        records["id"] = offers.ids
        records["supplier"] = columns.supplier_ids[offers.supplier]
        records["category"] = self._numbers(columns.category_codes)[offers.category]
        records["unit"] = self._numbers(columns.unit_codes)[offers.unit]
        for name in ("price", "available", "vat", "months", "published"):
            records[name] = getattr(offers, name)
        claims = self._claims(columns.offer_claims, offers.ids)
        row = -1
        for supplier in self._suppliers:
            shared = self._analysis.supplier_context(supplier)
            for offer in supplier.offers:
                row += 1
                shown = bool(supplier.active and offer.published)
                stems = self._analysis.offer(offer, shared) if shown else None
                price = int(offers.price[row])
                yield (
                    offer.id,
                    supplier.id,
                    int(records["category"][row]),
                    shown and supplier.seat is not None,
                    shown,
                    int(offers.months[row]),
                    None if price == UNKNOWN else price,
                    tsvector(stems) if stems else "",
                    sorted(stems.surface) if stems else [],
                    records[row].tobytes(),
                    claims[row],
                    _goes(offer.id, offer.areas),
                )

    def _area_rows(self) -> Iterator[tuple]:
        for supplier in self._suppliers:
            for position, area in enumerate(supplier.areas):
                yield (supplier.id, position, *_area(area))

    def _claim_rows(self) -> Iterator[tuple]:
        for supplier in self._suppliers:
            for holder, claims in (
                (None, supplier.claims),
                *((one.id, one.claims) for one in supplier.offers),
            ):
                for claim in claims:
                    proof = claim.proof if claim.verified else Proof.DECLARED.value
                    expires = FOR_EVER if claim.expires is None else claim.expires.isoformat()
                    yield supplier.id, holder, self._number_of(claim.criterion), str(proof), expires

    def _numbers(self, codes: Iterable[str]) -> np.ndarray:
        return np.array([self._number_of(code) for code in codes], dtype=np.int32)

    def _claims(self, claims: ClaimColumns, holder_ids: np.ndarray) -> list[bytes]:
        """By holder's row, its claims as records."""
        records = np.zeros(len(claims), CLAIM)
        records["holder"] = holder_ids[claims.holder]
        if len(claims):
            records["criterion"] = self._numbers(claims.codes)[claims.criterion]
        for name in ("proof", "expires", "verified"):
            records[name] = getattr(claims, name)
        return _by_row(records, claims.holder, len(holder_ids))

    def _tags(self, tags: Tags) -> list[bytes]:
        records = np.zeros(len(tags.holder), TAG)
        records["holder"] = self._columns.supplier_ids[tags.holder]
        if len(tags.tag):
            records["tag"] = self._numbers(tags.codes)[tags.tag]
        return _by_row(records, tags.holder, len(self._columns))


def _by_row(records: np.ndarray, rows: np.ndarray, count: int) -> list[bytes]:
    order = np.argsort(rows, kind="stable")
    content, size = records[order].tobytes(), records.dtype.itemsize
    bounds = (np.searchsorted(rows[order], np.arange(count + 1)) * size).tolist()
    return [content[low:high] for low, high in itertools.pairwise(bounds)]


def _goes(offer_id: int, areas: tuple[int, ...] | None) -> bytes:
    if areas is None:
        return b""
    return np.array([(offer_id, area) for area in (ITSELF, *areas)], GOES).tobytes()


def _point(lon: float, lat: float) -> str:
    return f"SRID={SRID};POINT({lon!r} {lat!r})"


def _area(area: Area) -> tuple:
    """Kilometres and centre of a circle, codes of comuni or of a province, and the shape to look it up by."""
    match area:
        case RadiusArea():
            lat, lon = area.centre.lat, area.centre.lon
            edges = circle_boxes(np.array([lat]), np.array([lon]), np.array([area.km]))
            box = shapely.box(*(float(edge[0]) for edge in edges))
            return area.km, lat, lon, [], _geometry(box)
        case ComuniArea():
            return None, None, None, sorted(area.codes), None
        case ProvinceArea():
            return None, None, None, [area.sigla], None
        case PolygonArea():
            return None, None, None, [], _geometry(area.polygon)


def _geometry(shape: shapely.Geometry) -> str:
    return shapely.to_wkb(shapely.set_srid(shape, SRID), hex=True, include_srid=True)
