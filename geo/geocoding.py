"""From words to a place: what every geocoder answers and how it refuses.

Two geocoders keep this protocol: `geo.gazetteer.Gazetteer`, the offline default, and
`geo.nominatim.Nominatim`, by configuration. One contract suite tries both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from geo.areas import Place
from geo.points import Point

MAX_QUERY = 256
"""Characters of a query; a longer one is no place and is not looked up."""

Precision = Literal["comune", "postal_code", "coordinates", "address"]


@dataclass(frozen=True, slots=True)
class GeocodedPlace:
    """An answer: how the place is called, where it is, and how exact that is.

    `comune` is the ISTAT code of six digits and `province` the sigla ("BG"), None where unknown;
    the point of a comune is a point inside it, not its town hall. `approximate` says that the
    comune was taken from the nearest centre, so that a person should confirm it.
    """

    label: str
    point: Point
    comune: str | None
    province: str | None
    precision: Precision
    approximate: bool = False

    @property
    def place(self) -> Place:
        """The same place as the value that areas and matching ask for."""
        return Place(self.point, self.comune, self.province)


class GeocodingError(LookupError):
    """A query that got no single answer; `query` is what was asked."""

    def __init__(self, query: str, message: str) -> None:
        super().__init__(message)
        self.query = query


class NotFound(GeocodingError):
    """No such place. `suggestions` are the places of nearest spelling, best first, perhaps none."""

    def __init__(self, query: str, suggestions: tuple[GeocodedPlace, ...] = ()) -> None:
        super().__init__(query, "No place of this name is known.")
        self.suggestions = tuple(suggestions)


class Ambiguous(GeocodingError):
    """Several places answer to the query; `candidates` are two or more, the most populous first."""

    def __init__(self, query: str, candidates: tuple[GeocodedPlace, ...]) -> None:
        super().__init__(query, "Several places have this name.")
        self.candidates = tuple(candidates)


class Unavailable(GeocodingError):
    """The geocoder cannot answer now: ask again later. Nothing is said about the place itself."""

    def __init__(self, query: str, reason: str = "") -> None:
        super().__init__(query, f"The geocoder cannot answer now{': ' + reason if reason else ''}.")
        self.reason = reason


class Geocoder(Protocol):
    """Anything that finds a place by words. Safe to share between threads."""

    def geocode(self, text: str) -> GeocodedPlace:
        """The one place that the text names, else NotFound, Ambiguous or Unavailable. Never anything else."""
        ...


def clean_query(text: object) -> str:
    """A query with single spaces, ready to be looked up.

    Raises NotFound for what can name no place: not text, empty, longer than 256 characters, or
    with characters that nobody can type or print (NUL, lone surrogates).
    """
    query = " ".join(text.split()) if isinstance(text, str) else ""
    if not query or len(query) > MAX_QUERY or not query.isprintable():
        raise NotFound("")  # the text itself is not repeated: it may not even be writable to a log
    return query
