"""Points and boxes on the map: WGS84, decimal degrees, parsed strictly.

What cannot be read for certain is refused with a sentence that says why; nothing is guessed.
The sentences of the errors are English and meant for logs and for the API; pages show their own.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

MAX_TEXT = 100
"""Characters of a coordinate text that are looked at; two full double-precision pairs fit."""

_NUMBER = r"[+-]?[0-9]{1,3}(?:[.][0-9]{1,20})?"
_COMMA_NUMBER = r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,20})?"
_POINT_WITH_DOTS = re.compile(rf"\s*({_NUMBER})\s*[,;]\s*({_NUMBER})\s*", re.ASCII)
_POINT_WITH_SPACE = re.compile(rf"\s*({_NUMBER})\s+({_NUMBER})\s*", re.ASCII)
# Decimal commas need a separator that is not a bare comma: a semicolon, white space, or both.
_POINT_WITH_COMMAS = re.compile(rf"\s*({_COMMA_NUMBER})(?:\s*;\s*|,?\s+)({_COMMA_NUMBER})\s*", re.ASCII)
_LOOKS_LIKE_COORDINATES = re.compile(r"[\s0-9.,;+-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the ground: latitude and longitude in decimal degrees, WGS84.

    Raises ValueError where a coordinate is not a finite number or out of range.
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "lat", _degrees(self.lat, "latitude", 90))
        object.__setattr__(self, "lon", _degrees(self.lon, "longitude", 180))

    @classmethod
    def parse(cls, text: str) -> Point:
        """Read "lat, lon": "45.69, 9.67", "45.69 9.67", or with decimal commas "45,69; 9,67", "45,69 9,67".

        Four groups of digits joined by commas alone ("45,69,9,67") can be read in more than one
        way and are refused. Where the first number can only be a longitude (beyond 90 degrees)
        the error says that the two look swapped; they are never swapped silently.
        """
        if not isinstance(text, str):
            raise ValueError("A point is written as text: latitude, longitude.")
        if len(text) > MAX_TEXT:
            raise ValueError("The text is too long for a point: write latitude, longitude.")
        for pattern in (_POINT_WITH_DOTS, _POINT_WITH_SPACE, _POINT_WITH_COMMAS):
            found = pattern.fullmatch(text)
            if found:
                return cls._from_pair(*(float(number.replace(",", ".")) for number in found.groups()))
        raise ValueError("A point is written as latitude, longitude in decimal degrees, such as 45.69, 9.67.")

    @classmethod
    def _from_pair(cls, first: float, second: float) -> Point:
        if 90 < abs(first) <= 180 and abs(second) <= 90:
            raise ValueError(
                "Latitude and longitude look swapped: the latitude comes first, within -90 and 90."
            )
        return cls(first, second)

    def __str__(self) -> str:
        return f"{self.lat:.5f}, {self.lon:.5f}"


def looks_like_coordinates(text: str) -> bool:
    """Whether a text holds digits and separators only, with at least two numbers; a postal code does not."""
    if len(text) > MAX_TEXT or not _LOOKS_LIKE_COORDINATES.fullmatch(text):
        return False
    return len(re.findall(r"[0-9]+", text)) >= 2


@dataclass(frozen=True, slots=True)
class BBox:
    """A box in degrees, in the order of GeoJSON: west, south, east, north. Borders belong to it.

    A box never crosses the antimeridian: west is not above east. The whole world is a valid box.
    Raises ValueError where a coordinate is out of range or the box is reversed.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        for name, limit in (("west", 180), ("south", 90), ("east", 180), ("north", 90)):
            object.__setattr__(self, name, _degrees(getattr(self, name), name, limit))
        if self.west > self.east:
            raise ValueError("The box is reversed: west is greater than east.")
        if self.south > self.north:
            raise ValueError("The box is reversed: south is greater than north.")

    @classmethod
    def parse(cls, text: str) -> BBox:
        """Read "west,south,east,north" in decimal degrees with decimal points."""
        if not isinstance(text, str) or len(text) > 2 * MAX_TEXT:
            raise ValueError("A box is written as west,south,east,north.")
        parts = text.split(",")
        if len(parts) != 4 or not all(re.fullmatch(rf"\s*{_NUMBER}\s*", part, re.ASCII) for part in parts):
            raise ValueError("A box is written as four decimal degrees: west,south,east,north.")
        return cls(*(float(part) for part in parts))

    @classmethod
    def around(cls, points: list[Point]) -> BBox:
        """The smallest box that holds all the points. Raises ValueError where there is none."""
        if not points:
            raise ValueError("A box needs at least one point.")
        lats, lons = [point.lat for point in points], [point.lon for point in points]
        return cls(min(lons), min(lats), max(lons), max(lats))

    def contains(self, point: Point) -> bool:
        """Whether the point lies in the box or on its border."""
        return self.west <= point.lon <= self.east and self.south <= point.lat <= self.north


def number_or_nan(value: object) -> float:
    """The value as a float; NaN for text, truth values and whatever else is no number or too large for one."""
    try:  # numpy's scalars and Decimal are welcome
        return math.nan if isinstance(value, str | bytes | bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _degrees(value: float, name: str, limit: int) -> float:
    """The value as a finite float within the limit, else ValueError."""
    number = number_or_nan(value)
    if not math.isfinite(number):
        raise ValueError(f"The {name} is not a finite number.")
    if not -limit <= number <= limit:
        raise ValueError(f"The {name} {number:g} is outside -{limit} and {limit} degrees.")
    return number + 0.0  # turns -0.0 into 0.0, so that equal places compare and print alike
