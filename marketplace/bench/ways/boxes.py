"""The box around a circle, by which a search without our columns finds who may be near."""

from geo.areas import KM_PER_DEGREE
from geo.points import BBox, Point

LONGITUDE_STRETCH = 1.5
"""Up to 48 degrees north a kilometre is at most so many times as wide in degrees as it is high."""


def box_around(point: Point, km: float) -> BBox:
    """A box that holds the circle, anywhere in Italy."""
    height = km / KM_PER_DEGREE
    width = LONGITUDE_STRETCH * height
    return BBox(point.lon - width, point.lat - height, point.lon + width, point.lat + height)
