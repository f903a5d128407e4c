"""geopy's Nominatim behind the protocol of `geo.geocoding`: an online geocoder, by configuration only.

It asks one configured server, once a second at most, remembers its answers, and gives up in
under three seconds whatever the server does. Coordinates are read here and never sent.
Use of the public server binds to its policy: an own user agent with a contact, no bulk,
no typing ahead (https://operations.osmfoundation.org/policies/nominatim/).
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import geopy.geocoders
from geopy.exc import GeopyError
from geopy.location import Location

from geo.bounded_http import BoundedAdapter
from geo.comuni import Comune, ComuneRegister
from geo.coordinates import place_at_coordinates
from geo.geocoding import (
    Ambiguous,
    GeocodedPlace,
    NotFound,
    Precision,
    Unavailable,
    clean_query,
)
from geo.names import key_of
from geo.pacing import Pace
from geo.points import Point, looks_like_coordinates

TOTAL_S = 2.5
"""Seconds that one call may take in all: waiting for its turn, connecting, reading."""
WAITING_SHARE = 0.8
"""Share of that time that may go by waiting for a turn; the rest is left for the request itself."""
INTERVAL_S = 1.0
"""Seconds between two requests, as the policy of the public server asks."""
MAX_RESULTS = 5
MAX_LABEL = 200
REMEMBERED = 1_000
"""Answers kept, the least recently used leave first."""

_COMUNE_KINDS = ("city", "town", "village", "municipality")
"""What Nominatim calls a comune, by its size."""


class Nominatim:
    """A `geo.geocoding.Geocoder` that asks a Nominatim server. Safe to share between threads."""

    def __init__(
        self,
        register: ComuneRegister,
        *,
        url: str,
        user_agent: str,
        country_codes: tuple[str, ...] = ("it",),
        language: str = "it",
        pace: Pace | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        """`url` is the server's root ("https://nominatim.example.org"); `user_agent` names the installation
        and a contact. `pace` defaults to one request a second in this process; give several processes
        one with a file. Raises ValueError on an unusable url or an empty user agent.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("The geocoder's url is like https://nominatim.example.org.")
        if not user_agent.strip():
            raise ValueError("The geocoder needs a user agent of its own, with a contact.")
        self._register = register
        self._country_codes, self._language = list(country_codes), language
        self._pace = pace or Pace(INTERVAL_S)
        self._total_s = total_s
        self._answers: OrderedDict[str, tuple[GeocodedPlace, ...]] = OrderedDict()
        self._lock = threading.Lock()
        self._server = geopy.geocoders.Nominatim(
            scheme=parts.scheme,
            domain=parts.netloc + parts.path,
            user_agent=user_agent,
            timeout=total_s,
            adapter_factory=BoundedAdapter,
        )

    def geocode(self, text: str) -> GeocodedPlace:
        """The one place that a text names. Raises NotFound, Ambiguous or Unavailable, the last within `total_s`."""
        query = clean_query(text)
        if looks_like_coordinates(query):
            return place_at_coordinates(self._register, query)
        places = self._remembered(query)
        if places is None:
            places = self._ask(query)
            self._remember(query, places)
        if len(places) == 1:
            return places[0]
        raise Ambiguous(query, places) if places else NotFound(query)

    def _ask(self, query: str) -> tuple[GeocodedPlace, ...]:
        """The different places of the server's answer. Raises Unavailable."""
        wait = self._pace.reserve(patience_s=self._total_s * WAITING_SHARE)
        if wait is None:
            raise Unavailable(query, "too many questions at once")
        time.sleep(wait)
        try:
            locations = self._locations(query, self._total_s - wait)
            return _distinct([self._place(location) for location in locations[:MAX_RESULTS]])
        except GeopyError as error:
            raise Unavailable(query, str(error)[:80]) from error
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            # JSON that is not an answer of Nominatim, in whatever shape, is no answer.
            raise Unavailable(query, "the answer makes no sense") from error

    def _locations(self, query: str, timeout: float) -> list[Location]:
        found = self._server.geocode(
            query,
            exactly_one=False,
            limit=MAX_RESULTS,
            addressdetails=True,
            country_codes=self._country_codes,
            language=self._language,
            timeout=timeout,
        )
        return found or []

    def _place(self, location: Location) -> GeocodedPlace:
        """One result with its comune: by name where the register has it in that province, else by its point."""
        raw = location.raw
        point = Point(float(raw["lat"]), float(raw["lon"]))  # geopy makes 0, 0 of what is missing
        precision = _precision(raw)
        comune, approximate = self._comune(raw.get("address") or {}, point)
        if comune is None:
            return GeocodedPlace(_label(location), point, None, None, precision)
        label = comune.label if precision == "comune" else _label(location)
        return GeocodedPlace(label, point, comune.istat, comune.sigla, precision, approximate)

    def _comune(self, address: Mapping[str, Any], point: Point) -> tuple[Comune | None, bool]:
        """The comune of an address or of its point, and whether it is approximate."""
        sigla = str(address.get("ISO3166-2-lvl6", "")).removeprefix("IT-")
        for kind in _COMUNE_KINDS:
            for comune in self._register.spelt(key_of(str(address.get(kind, "")))):
                if comune.sigla == sigla:
                    return comune, False
        found = self._register.comune_of(point)
        return (found.comune, found.approximate) if found else (None, False)

    def _remembered(self, query: str) -> tuple[GeocodedPlace, ...] | None:
        with self._lock:
            places = self._answers.get(query.casefold())
            if places is not None:
                self._answers.move_to_end(query.casefold())
            return places

    def _remember(self, query: str, places: tuple[GeocodedPlace, ...]) -> None:
        with self._lock:
            self._answers[query.casefold()] = places
            if len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)


def _label(location: Location) -> str:
    return " ".join(str(location.address).split())[:MAX_LABEL]


def _precision(raw: Mapping[str, Any]) -> Precision:
    kind = raw.get("addresstype") or raw.get("type")
    if kind in _COMUNE_KINDS:
        return "comune"
    return "postal_code" if kind == "postcode" else "address"


def _distinct(places: list[GeocodedPlace]) -> tuple[GeocodedPlace, ...]:
    """The places that the query may really mean: as exact as the best one, one for each comune.

    A server lists beside a comune its station and the streets named after it.
    """
    different: dict[object, GeocodedPlace] = {}
    for place in places:
        if place.precision == places[0].precision:
            abroad = (round(place.point.lat, 1), round(place.point.lon, 1))
            different.setdefault(place.comune or abroad, place)
    return tuple(different.values())
