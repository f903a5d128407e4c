"""Polygons from outside: GeoJSON checked for size, ranges and validity before it is trusted.

Every refusal is an :class:`InvalidPolygon`, whose sentence says what to mend.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

MAX_VERTICES = 50_000
"""Vertices of one delivery polygon; a province in full detail has about 10,000."""
MAX_RINGS = 500
"""Rings, outer and inner, of one delivery polygon. Judging whether rings lie within each other takes time
that grows with the square of their number: 12,000 nested ones would take 16 seconds."""
MAX_GEOJSON_CHARACTERS = 4_000_000
"""Length of the GeoJSON text of one polygon: 50,000 vertices at full double precision."""


class InvalidPolygon(ValueError):
    """Why an area is refused: a sentence in English, and for other languages a ``code``.

    ``at`` is the (lat, lon) where it crosses itself, where that is known.
    """

    def __init__(self, code: str, sentence: str, at: tuple[float, float] | None = None) -> None:
        super().__init__(sentence)
        self.code, self.at = code, at


CODES = frozenset(
    {
        "not_geojson",
        "not_one_feature",
        "not_a_polygon",
        "no_coordinates",
        "no_ring",
        "open_ring",
        "not_a_position",
        "out_of_range",
        "too_many_vertices",
        "too_many_rings",
        "crosses_itself",
        "encloses_nothing",
    }
)
"""Every code of a refusal."""


def parse_polygon(geojson: str | Mapping) -> BaseGeometry:
    """A shapely Polygon or MultiPolygon from GeoJSON: text or mapping; a geometry, a Feature, or a collection of one.

    Holes are kept; an altitude is dropped; an unclosed ring is refused. Raises :class:`InvalidPolygon`
    where the input is not a polygon, has more than 50,000 vertices or 500 rings, leaves the ranges of degrees,
    crosses itself or encloses nothing.
    """
    geometry = _geometry_of(_as_mapping(geojson))
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise InvalidPolygon("not_a_polygon", "The area must be a GeoJSON Polygon or MultiPolygon.")
    if not isinstance(coordinates, list | tuple):
        raise InvalidPolygon("no_coordinates", "The area has no list of coordinates.")
    polygons = [coordinates] if kind == "Polygon" else list(coordinates)
    rings = _checked_rings(polygons)
    shapes = [shapely.Polygon(shell, holes) for shell, *holes in rings]
    shape = shapes[0] if kind == "Polygon" else shapely.MultiPolygon(shapes)
    reason = shapely.is_valid_reason(
        shape
    )  # asked once: on a scribble of 50,000 vertices it takes half a second
    if reason != "Valid Geometry":
        raise InvalidPolygon("crosses_itself", f"The area is not valid: {reason}.", at=_where(reason))
    if shape.is_empty or shape.area <= 0:
        raise InvalidPolygon("encloses_nothing", "The area encloses nothing.")
    return shape


def _as_mapping(geojson: str | Mapping) -> Mapping:
    if isinstance(geojson, str):
        if len(geojson) > MAX_GEOJSON_CHARACTERS:
            raise InvalidPolygon(
                "too_many_vertices", f"The area has too many vertices: at most {MAX_VERTICES:,} are allowed."
            )
        try:
            geojson = json.loads(geojson)
        except (ValueError, RecursionError):
            raise InvalidPolygon("not_geojson", "The area is not readable as GeoJSON.") from None
    if not isinstance(geojson, Mapping):
        raise InvalidPolygon("not_geojson", "The area must be a GeoJSON object.")
    return geojson


def _geometry_of(geojson: Mapping) -> Mapping:
    """The geometry itself, out of a Feature or of a collection of one feature."""
    if geojson.get("type") == "FeatureCollection":
        features = geojson.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise InvalidPolygon("not_one_feature", "The area must be one feature.")
        geojson = features[0]
    if isinstance(geojson, Mapping) and geojson.get("type") == "Feature":
        geojson = geojson.get("geometry")
    if not isinstance(geojson, Mapping):
        raise InvalidPolygon("not_a_polygon", "The area must be a GeoJSON Polygon or MultiPolygon.")
    return geojson


def _checked_rings(polygons: list) -> list[list[list[tuple[float, float]]]]:
    """Polygons as lists of rings of (lon, lat), every number checked; the first ring is the shell."""
    if sum(len(polygon) for polygon in polygons if isinstance(polygon, list | tuple)) > MAX_RINGS:
        raise InvalidPolygon(
            "too_many_rings", f"The area has too many parts and holes: at most {MAX_RINGS} are allowed."
        )
    count = 0
    checked = []
    for polygon in polygons:
        if not isinstance(polygon, list | tuple) or not polygon:
            raise InvalidPolygon("no_ring", "Every polygon of the area needs at least one ring.")
        rings = []
        for ring in polygon:
            if not isinstance(ring, list | tuple):
                raise InvalidPolygon("no_ring", "A ring of the area is not a list of positions.")
            count += len(ring)
            if count > MAX_VERTICES:
                raise InvalidPolygon(
                    "too_many_vertices",
                    f"The area has too many vertices: at most {MAX_VERTICES:,} are allowed.",
                )
            rings.append([_position(position) for position in ring])
            if len(ring) < 4 or rings[-1][0] != rings[-1][-1]:
                raise InvalidPolygon(
                    "open_ring", "A ring of the area needs four positions or more and ends where it starts."
                )
        checked.append(rings)
    if not checked:
        raise InvalidPolygon("encloses_nothing", "The area has no polygon.")
    return checked


def _where(reason: str) -> tuple[float, float] | None:
    """The point that GEOS names in brackets, as "Self-intersection[9.65 45.65]"."""
    numbers = reason.partition("[")[2].rstrip("]").split()
    return (float(numbers[1]), float(numbers[0])) if len(numbers) >= 2 else None


def _position(position: object) -> tuple[float, float]:
    """One GeoJSON position as (lon, lat) in range."""
    if not isinstance(position, list | tuple) or not 2 <= len(position) <= 3:
        raise InvalidPolygon("not_a_position", "A position of the area is not a pair of numbers.")
    lon, lat = position[0], position[1]
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in (lon, lat)):
        raise InvalidPolygon("not_a_position", "A position of the area is not a pair of numbers.")
    # NaN and infinities fail the comparison too; so does 10**400, which would not convert to a float.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidPolygon(
            "out_of_range",
            "A position of the area is out of range: longitude first, then latitude, in degrees.",
        )
    return float(lon), float(lat)
