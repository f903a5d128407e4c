"""Boundaries of comuni and provinces: read from GeoJSON or TopoJSON, asked which one a point lies in.

The files in `data/geo` come in three grades: the province of Bergamo in detail, Lombardia and
the provinces of Italy simplified for maps. Only the first is good enough to tell neighbours apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.points import Point


class Boundaries:
    """Polygons, each with a code; immutable, safe to share between threads."""

    def __init__(self, codes: list[str], polygons: list[BaseGeometry]) -> None:
        if len(codes) != len(polygons):
            raise ValueError("Every polygon has one code.")
        self.codes = tuple(codes)
        self.polygons = np.array(polygons, dtype=object)
        shapely.prepare(self.polygons)
        self._tree = shapely.STRtree(self.polygons)
        self._position = {code: position for position, code in enumerate(codes)}

    @classmethod
    def load(cls, path: Path, key: str) -> Self:
        """Read a GeoJSON FeatureCollection whose features carry their code in the property `key`."""
        features = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
        return cls(
            [feature["properties"][key] for feature in features],
            [shape(feature["geometry"]) for feature in features],
        )

    def __len__(self) -> int:
        return len(self.codes)

    def polygon(self, code: str) -> BaseGeometry:
        """The polygon of a code. Raises KeyError where there is none."""
        return self.polygons[self._position[code]]

    def code_at(self, point: Point) -> str | None:
        """Code of the polygon that holds the point, None outside all; on a shared border the lowest code."""
        found = self._tree.query(shapely.Point(point.lon, point.lat), predicate="intersects")
        return min((self.codes[position] for position in found), default=None)

    def nearest_code(self, point: Point, max_degrees: float) -> str | None:
        """Code of the polygon that holds the point or is nearest to it, None where all are farther than so many degrees."""
        spot = shapely.Point(point.lon, point.lat)
        found = self._tree.query_nearest(spot, max_distance=max_degrees)
        return min((self.codes[position] for position in found), default=None)


def topology_features(topology: Mapping, name: str) -> Iterator[tuple[dict, BaseGeometry]]:
    """Properties and polygon of each geometry of one object of a TopoJSON topology.

    Arcs are decoded as the TopoJSON 1.0 format says: quantised, delta-encoded positions, scaled
    and translated; a negative index ~i is arc i backwards; the first position of an arc repeats
    the last of the one before. Neighbours share their positions exactly, so that the result is a
    coverage. Raises ValueError on geometries other than polygons.
    """
    arcs = _decoded_arcs(topology)
    for geometry in topology["objects"][name]["geometries"]:
        kind = geometry["type"]
        if kind == "Polygon":
            polygon = _polygon(arcs, geometry["arcs"])
        elif kind == "MultiPolygon":
            polygon = shapely.MultiPolygon([_polygon(arcs, rings) for rings in geometry["arcs"]])
        else:
            raise ValueError(f"A boundary is a polygon, not a {kind}.")
        yield geometry.get("properties", {}), polygon


def _decoded_arcs(topology: Mapping) -> list[np.ndarray]:
    """Every arc as an array of (lon, lat)."""
    transform = topology.get("transform")
    if transform is None:
        return [np.asarray(arc, dtype=np.float64) for arc in topology["arcs"]]
    scale, translate = np.asarray(transform["scale"]), np.asarray(transform["translate"])
    return [np.cumsum(np.asarray(arc), axis=0) * scale + translate for arc in topology["arcs"]]


def _polygon(arcs: list[np.ndarray], rings: list[list[int]]) -> shapely.Polygon:
    shell, *holes = (_ring(arcs, ring) for ring in rings)
    return shapely.Polygon(shell, holes)


def _ring(arcs: list[np.ndarray], indices: list[int]) -> np.ndarray:
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
