"""Delivery areas as geometry: where somebody delivers or works, and whether a place lies in it.

Four kinds of area, all plain values with the same two questions:

* `covers(place)`: whether the place lies in the area, its border included;
* `km_outside(place)`: by how many kilometres the place misses it, None where that has no meaning.

A radius is a haversine circle around its centre. A polygon is planar in degrees: its edges are
straight lines on a plate carrée map, as PostGIS `geometry(4326)` has them. Comuni and provinces
match by code, never by geometry, so that a simplified border can never exclude anybody.
Which of many areas cover a place is answered by `AreaIndex`, in one query of an STRtree.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.distance import EARTH_RADIUS_KM, haversine_km, haversine_km_many
from geo.points import Point, number_or_nan
from geo.polygons import parse_polygon

MAX_RADIUS_KM = 20_038.0
"""Half the circumference of the Earth, rounded up: a larger circle has no meaning."""


BORDER_KM = 1e-6
"""A millimetre. A place this close outside a circle lies on its border, so that two ways of computing
the same distance (one by one, in bulk, in a database) never disagree in the last bit."""
KM_PER_DEGREE = math.radians(1) * EARTH_RADIUS_KM
"""Kilometres along one degree of a meridian."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a thing is wanted: a point, with its comune (ISTAT, six digits) and province (sigla) if known."""

    point: Point
    comune: str | None = None
    province: str | None = None


@dataclass(frozen=True, slots=True)
class RadiusArea:
    """Within so many kilometres of a centre, measured by haversine. Raises ValueError unless 0 <= km <= 20,038."""

    km: float
    centre: Point

    def __post_init__(self) -> None:
        km = number_or_nan(self.km)
        if not 0 <= km <= MAX_RADIUS_KM:
            raise ValueError(f"A radius is between 0 and {MAX_RADIUS_KM:g} km.")
        object.__setattr__(self, "km", km)

    def covers(self, place: Place) -> bool:
        """Whether the place is within the radius; a place at exactly the radius is."""
        return haversine_km(self.centre, place.point) <= self.km + BORDER_KM

    def km_outside(self, place: Place) -> float:
        """Kilometres from the place to the circle, 0 inside it."""
        km = haversine_km(self.centre, place.point)
        return 0.0 if km <= self.km + BORDER_KM else km - self.km


@dataclass(frozen=True, slots=True)
class ComuniArea:
    """A list of comuni, by ISTAT code of six digits. Raises ValueError on anything else."""

    codes: frozenset[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", frozenset(self.codes))
        for code in self.codes:
            if not isinstance(code, str) or len(code) != 6 or not (code.isascii() and code.isdigit()):
                raise ValueError(f"An ISTAT code of a comune has six digits, not {code!r}.")

    def covers(self, place: Place) -> bool:
        """Whether the place's comune is in the list."""
        return place.comune in self.codes

    def km_outside(self, place: Place) -> None:
        """None: a code has no distance."""


@dataclass(frozen=True, slots=True)
class ProvinceArea:
    """A whole province, by its sigla of two capital letters ("BG"). Raises ValueError on anything else."""

    sigla: str

    def __post_init__(self) -> None:
        sigla = self.sigla
        if (
            not isinstance(sigla, str)
            or len(sigla) != 2
            or not (sigla.isascii() and sigla.isalpha() and sigla.isupper())
        ):
            raise ValueError(f"The sigla of a province has two capital letters, not {sigla!r}.")

    def covers(self, place: Place) -> bool:
        """Whether the place lies in the province."""
        return place.province == self.sigla

    def km_outside(self, place: Place) -> None:
        """None: a code has no distance."""


@dataclass(frozen=True, slots=True)
class PolygonArea:
    """A drawn area, a shapely Polygon or MultiPolygon in degrees (x is the longitude).

    Outside input comes in by `parse`, which checks its size and validity.
    """

    polygon: BaseGeometry

    @classmethod
    def parse(cls, geojson: str | Mapping) -> Self:
        """An area from GeoJSON, text or mapping. Raises ValueError as `geo.polygons.parse_polygon` does."""
        return cls(parse_polygon(geojson))

    def covers(self, place: Place) -> bool:
        """Whether the place lies in the polygon or on its border, planar in degrees."""
        return bool(shapely.intersects_xy(self.polygon, place.point.lon, place.point.lat))

    def km_outside(self, place: Place) -> float:
        """Kilometres from the place to the polygon, 0 inside it.

        Measured in a local equirectangular projection at the place: degrees of longitude are
        scaled by the cosine of its latitude. Nearby, where the figure is read, it is as good as
        any; at hundreds of kilometres it is only an order of magnitude.
        """
        if self.covers(place):
            return 0.0
        # At the poles themselves a degree of longitude has no length; a tiny one keeps the plane a plane.
        scale = [
            max(math.cos(math.radians(place.point.lat)), 1e-9) * KM_PER_DEGREE,
            KM_PER_DEGREE,
        ]
        here = (place.point.lon, place.point.lat)
        local = shapely.transform(self.polygon, lambda degrees: (degrees - here) * scale)
        return float(shapely.distance(local, shapely.Point(0.0, 0.0)))


Area = RadiusArea | ComuniArea | ProvinceArea | PolygonArea
"""Any delivery area."""


def km_outside(areas: list[Area], place: Place) -> float | None:
    """By how many kilometres a place misses the nearest of several areas: 0 where one covers it.

    None where it lies in none of them and none is a radius or a polygon.
    """
    distances = [
        0.0 if km is None else km
        for area in areas
        if (km := area.km_outside(place)) is not None or area.covers(place)
    ]
    return min(distances, default=None)


class AreaIndex:
    """Many areas, each with the id of its owner; tells which of them cover a place. Immutable: build it anew.

    One query of an STRtree over the boxes of circles and polygons, and two look-ups for the codes,
    give the candidates; circles are then tested in one numpy pass and polygons in one shapely call.
    The answer is the same as asking every area's `covers`. Threads may share an index.
    """

    def __init__(self, areas: Sequence[Area], owners: Sequence[int] | np.ndarray) -> None:
        if len(areas) != len(owners):
            raise ValueError("Every area has one owner.")
        radii = [i for i, area in enumerate(areas) if isinstance(area, RadiusArea)]
        polygons = [i for i, area in enumerate(areas) if isinstance(area, PolygonArea)]
        self._lats = np.array([areas[i].centre.lat for i in radii], dtype=np.float64)
        self._lons = np.array([areas[i].centre.lon for i in radii], dtype=np.float64)
        self._kms = np.array([areas[i].km for i in radii], dtype=np.float64)
        self._polygons = np.array([areas[i].polygon for i in polygons], dtype=object)
        shapely.prepare(self._polygons)
        self._by_comune = _positions_by_code(
            (code, i) for i, area in enumerate(areas) if isinstance(area, ComuniArea) for code in area.codes
        )
        self._by_province = _positions_by_code(
            (area.sigla, i) for i, area in enumerate(areas) if isinstance(area, ProvinceArea)
        )
        self._arrange(np.asarray(owners, dtype=np.int64), radii, polygons)

    def _arrange(self, owners: np.ndarray, radii: Sequence[int], polygons: Sequence[int]) -> None:
        """Make the tree; ``radii`` and ``polygons`` are the positions of the areas of each kind."""
        self._owners, self._owner_rank = np.unique(owners, return_inverse=True)
        self._size = len(owners)
        # In the tree the circles come first, then the polygons; `_tree_positions` leads back to the areas.
        self._tree_positions = np.concatenate([radii, polygons]).astype(np.intp)
        boxes = np.concatenate(
            [
                shapely.box(*circle_boxes(self._lats, self._lons, self._kms)),
                shapely.box(*np.atleast_2d(shapely.bounds(self._polygons)).reshape(-1, 4).T),
            ]
        )
        self._tree = shapely.STRtree(boxes)

    @classmethod
    def build(cls, areas: Sequence[Area], owners: Sequence[int] | np.ndarray) -> Self:
        """An index of areas; `owners` holds one integer per area, and an owner may have several areas.

        20,000 areas take some hundredths of a second. Raises ValueError where the lengths differ.
        """
        return cls(areas, owners)

    @classmethod
    def merged(cls, several: Sequence[Self], shifts: Sequence[int]) -> Self:
        """One index of the areas of several, one after the other; the owners of each move by its shift.

        Shapes that are prepared already stay so, which is faster than building it from the areas.
        """
        index = cls.__new__(cls)
        starts = np.cumsum([0, *map(len, several)])[:-1].tolist()
        for name in ("_lats", "_lons", "_kms", "_polygons"):
            setattr(index, name, np.concatenate([getattr(one, name) for one in several]))
        for name in ("_by_comune", "_by_province"):
            setattr(index, name, _joined([getattr(one, name) for one in several], starts))
        trees = [one._tree_positions + start for one, start in zip(several, starts, strict=True)]
        circles = [len(one._kms) for one in several]
        index._arrange(
            np.concatenate(
                [one._owners[one._owner_rank] + shift for one, shift in zip(several, shifts, strict=True)]
            ),
            np.concatenate([tree[:count] for tree, count in zip(trees, circles, strict=True)]),
            np.concatenate([tree[count:] for tree, count in zip(trees, circles, strict=True)]),
        )
        return index

    def __len__(self) -> int:
        return self._size

    @property
    def owners(self) -> np.ndarray:
        """Ids of the owners: int64, ascending, each once."""
        return self._owners

    def covering(self, place: Place, among: np.ndarray | None = None) -> np.ndarray:
        """Ids of the owners with at least one area that covers the place: int64, ascending, each once.

        ``among`` masks :attr:`owners`: of the others no shape is looked at, and none is given.
        """
        covered = np.zeros(len(self._owners), dtype=bool)
        covered[self._owner_rank[self._positions(place, among)]] = True
        return self._owners[covered if among is None else covered & among]

    def positions_covering(self, place: Place) -> np.ndarray:
        """Positions, in the list the index was built from, of the areas that cover the place: ascending."""
        return np.sort(self._positions(place))

    def _positions(self, place: Place, among: np.ndarray | None = None) -> np.ndarray:
        """Positions of the covering areas, each once, in no order; shapes only of owners ``among`` those."""
        candidates = self._tree.query(shapely.Point(place.point.lon, place.point.lat))
        if among is not None:
            candidates = candidates[among[self._owner_rank[self._tree_positions[candidates]]]]
        circles = candidates[candidates < len(self._kms)]
        polygons = candidates[candidates >= len(self._kms)]
        kms = haversine_km_many(place.point, self._lats[circles], self._lons[circles])
        circles = circles[kms <= self._kms[circles] + BORDER_KM]
        shapes = self._polygons[polygons - len(self._kms)]
        polygons = polygons[shapely.intersects_xy(shapes, place.point.lon, place.point.lat)]
        nowhere = self._tree_positions[:0]
        return np.concatenate(
            [
                self._tree_positions[circles],
                self._tree_positions[polygons],
                self._by_comune.get(place.comune, nowhere),
                self._by_province.get(place.province, nowhere),
            ]
        )


def _positions_by_code(
    pairs: Iterable[tuple[str, int]],
) -> dict[str | None, np.ndarray]:
    """Code to the positions of the areas that name it."""
    lists = defaultdict(list)
    for code, position in pairs:
        lists[code].append(position)
    return {code: np.array(positions, dtype=np.intp) for code, positions in lists.items()}


def _joined(
    several: Sequence[Mapping[str | None, np.ndarray]], starts: Sequence[int]
) -> dict[str | None, np.ndarray]:
    """The positions by code of several, those of each moved by its start."""
    lists = defaultdict(list)
    for one, start in zip(several, starts, strict=True):
        for code, positions in one.items():
            lists[code].append(positions + start)
    return {code: np.concatenate(positions) for code, positions in lists.items()}


def circle_boxes(lats: np.ndarray, lons: np.ndarray, kms: np.ndarray) -> tuple[np.ndarray, ...]:
    """West, south, east, north of boxes that hold the circles, with a little slack.

    A circle that reaches a pole or the antimeridian gets a box over all longitudes.
    """
    slack = 1e-6
    reach = kms / KM_PER_DEGREE + slack
    south, north = lats - reach, lats + reach
    polar = (south <= -90) | (north >= 90)
    sine = np.sin(np.radians(np.minimum(reach, 90))) / np.maximum(np.cos(np.radians(lats)), 1e-12)
    half_width = np.degrees(np.arcsin(np.minimum(1.0, sine))) + slack
    west, east = lons - half_width, lons + half_width
    everywhere = polar | (west <= -180) | (east >= 180)
    return (
        np.where(everywhere, -180.0, west),
        np.maximum(south, -90.0),
        np.where(everywhere, 180.0, east),
        np.minimum(north, 90.0),
    )
