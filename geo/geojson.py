"""Features and collections as GeoJSON (RFC 7946): plain dictionaries, ready for `json.dumps`.

Positions are longitude first, rounded to five decimals: about a metre, as fine as the sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.points import BBox, Point

DECIMALS = 5
MEDIA_TYPE = "application/geo+json"


def point_geometry(point: Point) -> dict[str, Any]:
    """A GeoJSON Point."""
    return {"type": "Point", "coordinates": [round(point.lon, DECIMALS), round(point.lat, DECIMALS)]}


def polygon_geometry(polygon: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON Polygon or MultiPolygon, shells counter-clockwise as the standard asks."""
    rounded = shapely.transform(polygon, lambda degrees: np.round(degrees, DECIMALS))
    geometry = mapping(shapely.orient_polygons(rounded))
    return {"type": geometry["type"], "coordinates": _as_lists(geometry["coordinates"])}


def feature(
    geometry: Mapping[str, Any] | None, properties: Mapping[str, Any], id: str | int | None = None
) -> dict[str, Any]:
    """A Feature around a geometry, None for something that has no place; `id` is left out where None."""
    member = {} if id is None else {"id": id}
    return {"type": "Feature", **member, "properties": dict(properties), "geometry": geometry}


def point_feature(point: Point, properties: Mapping[str, Any], id: str | int | None = None) -> dict[str, Any]:
    """A Feature at a point."""
    return feature(point_geometry(point), properties, id)


def feature_collection(
    features: Iterable[Mapping[str, Any]], bbox: BBox | None = None, **members: Any
) -> dict[str, Any]:
    """A FeatureCollection; further members (a total, a next page) are kept beside the features."""
    box = {} if bbox is None else {"bbox": [bbox.west, bbox.south, bbox.east, bbox.north]}
    return {"type": "FeatureCollection", **box, **members, "features": list(features)}


def _as_lists(coordinates: Any) -> Any:
    """Nested tuples as nested lists, as JSON would read them back."""
    return [_as_lists(part) for part in coordinates] if isinstance(coordinates, tuple) else coordinates
