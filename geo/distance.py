"""Distances in kilometres: the sphere for ranking, the ellipsoid to check it against.

Everything that ranks or decides uses the haversine on a sphere of mean Earth radius, in every
engine, so that two ways of computing a match can never disagree on a border.
"""

from __future__ import annotations

import math

import numpy as np
from geopy.distance import geodesic

from geo.points import Point

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, (2a + b) / 3 of WGS84, in kilometres (IUGG)."""


def haversine_km(a: Point, b: Point) -> float:
    """Great-circle distance between two points, in kilometres; exact within 0.6 % of the ellipsoid.

    The same formula, in the same order of operations, as `haversine_km_many`; the two agree
    to the last few bits.
    """
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def haversine_km_many(point: Point, lats: np.ndarray, lons: np.ndarray) -> np.ndarray:
    """Great-circle distances from one point to many, in kilometres, as float64 of the same shape.

    `lats` and `lons` are arrays of degrees of equal shape. A NaN among them (somebody who is
    not placed) gives NaN.
    """
    lat = math.radians(point.lat)
    many = np.radians(np.asarray(lats, dtype=np.float64))
    half_lat = (many - lat) / 2
    half_lon = np.radians(np.asarray(lons, dtype=np.float64) - point.lon) / 2
    chord = np.sin(half_lat) ** 2 + math.cos(lat) * np.cos(many) * np.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))


def geodesic_km(a: Point, b: Point) -> float:
    """Distance on the WGS84 ellipsoid, in kilometres, by geopy: the yardstick of the tests."""
    return geodesic((a.lat, a.lon), (b.lat, b.lon)).kilometers
