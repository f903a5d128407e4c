"""Coordinates typed instead of a name: read the same way by every geocoder, never sent anywhere."""

from __future__ import annotations

from geo.comuni import ComuneRegister
from geo.geocoding import GeocodedPlace, NotFound
from geo.points import Point


def place_at(register: ComuneRegister, point: Point) -> GeocodedPlace:
    """A point with the comune it lies in, as far as that is known; see `ComuneRegister.comune_of`."""
    found = register.comune_of(point)
    if found is None:
        return GeocodedPlace(str(point), point, None, None, "coordinates")
    comune = found.comune
    return GeocodedPlace(str(point), point, comune.istat, comune.sigla, "coordinates", found.approximate)


def place_at_coordinates(register: ComuneRegister, query: str) -> GeocodedPlace:
    """The place at "lat, lon".

    Raises NotFound where the text is no point; where only the swapped pair lies in Italy that one
    is suggested, never taken.
    """
    try:
        place = place_at(register, Point.parse(query))
    except ValueError:
        raise NotFound(query) from None
    if place.comune is None and abs(place.point.lon) <= 90:
        swapped = place_at(register, Point(place.point.lon, place.point.lat))
        if swapped.comune is not None:
            raise NotFound(query, (swapped,))
    return place
