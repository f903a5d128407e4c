"""Delivery areas asked of PostgreSQL, in the place of those that columns usually hold.

PostGIS finds the areas whose shape is at the place; what a circle covers is measured here by the same
haversine as everywhere, and what a polygon covers is asked of shapely wherever its border is near.
"""

from collections.abc import Iterable

import numpy as np
import shapely
import sqlalchemy as sa

from geo.areas import BORDER_KM, Area, ComuniArea, Place, PolygonArea, ProvinceArea, RadiusArea
from geo.distance import haversine_km_many
from geo.points import Point
from search.columns import Columns
from search.postgres.conditions import Parameters, point

NEAR_BORDER_DEGREES = 1e-6
"""So near to its border (a decimetre) shapely decides whether a polygon covers a place, as in the other engine."""
READ_AHEAD = 40
"""Suppliers whose areas are read together when the first of them is asked for."""

_CIRCLE = np.dtype([("supplier", ">i8"), ("position", ">i4"), ("km", ">f8"), ("lat", ">f8"), ("lon", ">f8")])
_OWNED = np.dtype([("supplier", ">i8"), ("position", ">i4")])

_COVERING = """
WITH here AS MATERIALIZED (
    SELECT supplier_id, position, km, lat, lon, shape FROM {s}.area WHERE shape && {point}
), polygon AS MATERIALIZED (
    SELECT supplier_id, position, shape, ST_DWithin(ST_Boundary(shape), {point}, {border}) AS doubtful
    FROM here WHERE km IS NULL
)
SELECT
    (SELECT string_agg(int8send(supplier_id) || int4send(position) || float8send(km) || float8send(lat)
                       || float8send(lon), '') FROM here WHERE km IS NOT NULL),
    (SELECT string_agg(int8send(supplier_id) || int4send(position), '') FROM (
        SELECT supplier_id, position FROM polygon WHERE NOT doubtful AND ST_Intersects(shape, {point})
        UNION ALL
        SELECT supplier_id, position FROM {s}.area WHERE codes && {codes}::text[]) AS sure),
    (SELECT array_agg(supplier_id) FROM polygon WHERE doubtful),
    (SELECT array_agg(position) FROM polygon WHERE doubtful),
    (SELECT array_agg(ST_AsBinary(shape)) FROM polygon WHERE doubtful)
"""


class AreasThere:
    """The areas of the suppliers of some columns, as :class:`search.area_parts.AreaParts` answers for them.

    Asked for one answer within one transaction.
    """

    def __init__(self, connection: sa.Connection, space: str, columns: Columns) -> None:
        self._connection = connection
        self._space = space
        self._columns = columns
        self._covering: dict[Place, tuple[np.ndarray, np.ndarray]] = {}
        self._known: dict[int, tuple[Area, ...]] = {}

    @property
    def lists(self) -> "AreasThere":
        """By supplier row, its areas: itself, since it reads them when they are asked for."""
        return self

    def __getitem__(self, row: int) -> tuple[Area, ...]:
        if row not in self._known:
            self._read(row)
        return self._known[row]

    def reached(self, place: Place, among: np.ndarray) -> np.ndarray:
        """Mask over the supplier rows: those ``among`` these rows with an area that covers the place, border included."""
        reached = np.zeros(len(self._columns), dtype=np.bool_)
        reached[np.intersect1d(self.covering(place)[0], among)] = True
        return reached

    def covering(self, place: Place) -> tuple[np.ndarray, np.ndarray]:
        """The areas that cover the place, each by its supplier's row and its position among that one's areas."""
        if place not in self._covering:
            supplier_ids, positions = _covering(self._connection, self._space, place)
            rows = self._columns.supplier_rows(supplier_ids)
            self._covering[place] = rows[rows >= 0], positions[rows >= 0]
        return self._covering[place]

    def _read(self, row: int) -> None:
        """The areas of this supplier, and of those likely to be asked for next.

        Whoever narrowly misses is listed by distance: next come the nearest that no area brings to the place.
        """
        columns = self._columns
        rows = [row]
        for place, (reached, _) in self._covering.items():
            km = haversine_km_many(place.point, columns.lats, columns.lons)
            km[reached] = np.inf
            nearest = np.argsort(km, kind="stable")[: 2 * READ_AHEAD].tolist()
            rows += [at for at in nearest if at not in self._known]
        rows = list(dict.fromkeys(rows))[:READ_AHEAD]
        by_id = _areas_of(self._connection, self._space, columns.supplier_ids[rows].tolist())
        for each in rows:
            self._known[each] = by_id.get(int(columns.supplier_ids[each]), ())


def _covering(connection: sa.Connection, space: str, place: Place) -> tuple[np.ndarray, np.ndarray]:
    put = Parameters()
    statement = _COVERING.format(
        s=space,
        point=point(place.point, put),
        border=put.add(NEAR_BORDER_DEGREES),
        codes=put.add([code for code in (place.comune, place.province) if code]),
    )
    circles, sure, owners, positions, shapes = connection.exec_driver_sql(statement, put.values).one()
    circles = np.frombuffer(circles or b"", _CIRCLE)
    kms = haversine_km_many(place.point, circles["lat"].astype(np.float64), circles["lon"].astype(np.float64))
    circles = circles[kms <= circles["km"] + BORDER_KM]
    sure = np.frombuffer(sure or b"", _OWNED)
    doubtful = shapely.from_wkb(list(shapes or ()))
    inside = shapely.intersects_xy(doubtful, place.point.lon, place.point.lat)
    return (
        np.concatenate(
            [circles["supplier"], sure["supplier"], np.array(owners or (), dtype=np.int64)[inside]]
        ).astype(np.int64),
        np.concatenate(
            [circles["position"], sure["position"], np.array(positions or (), dtype=np.int64)[inside]]
        ).astype(np.int32),
    )


def _areas_of(connection: sa.Connection, space: str, ids: Iterable[int]) -> dict[int, tuple[Area, ...]]:
    """The areas of these suppliers in their order."""
    areas: dict[int, tuple[Area, ...]] = {}
    rows = connection.exec_driver_sql(
        "SELECT supplier_id, km, lat, lon, codes, CASE WHEN km IS NULL THEN ST_AsBinary(shape) END"
        f" FROM {space}.area WHERE supplier_id = ANY(%(ids)s) ORDER BY supplier_id, position",
        {"ids": list(ids)},
    )
    for supplier_id, *values in rows:
        areas[supplier_id] = (*areas.get(supplier_id, ()), _area(*values))
    return areas


def _area(km: float | None, lat: float, lon: float, codes: list[str], wkb: bytes | None) -> Area:
    if km is not None:
        return RadiusArea(km, Point(lat, lon))
    if wkb is not None:
        return PolygonArea(shapely.from_wkb(wkb))
    if len(codes) == 1 and codes[0].isalpha():
        return ProvinceArea(codes[0])
    return ComuniArea(frozenset(codes))
