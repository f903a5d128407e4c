"""A search as people and programs write it in an address, into a query value.

Every parameter is on the list below or is ignored; each has a cap. What cannot
be read is told with its field and a code and leaves the rest of the search
standing, so that a page can show both and the API can refuse.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from geo.geocoding import Ambiguous, GeocodedPlace, Geocoder, NotFound, Unavailable
from geo.points import BBox
from marketplace.organisations.models import Kind
from search.criteria import CriteriaRegister
from search.queries import (
    DEFAULT_PER_PAGE,
    MAX_PER_PAGE,
    MAX_QUERY_CHARACTERS,
    MAX_RADIUS_KM,
    SearchQuery,
)
from search.taxonomy import CategoryTree

#: Far beyond the last page of any district; larger numbers mean this one.
MAX_PAGE = 10_000
#: How many values one repeated parameter may have.
MAX_CHOICES = 20
MAX_PLACE_CHARACTERS = 120

_DECIMAL = re.compile(r"\d{1,9}([.,]\d{1,6})?")
_WHOLE = re.compile(r"[+-]?\d{1,19}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One parameter that cannot be used: ``code`` says why, ``candidates`` what was perhaps meant."""

    field: str
    code: str
    value: str = ""
    candidates: tuple[GeocodedPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedSearch:
    """The query, the place that ``near`` names, and what could not be read."""

    query: SearchQuery
    place: GeocodedPlace | None
    problems: tuple[Problem, ...]

    def problem(self, field: str) -> Problem | None:
        return next((problem for problem in self.problems if problem.field == field), None)


def parse_search(
    args: MultiDict, *, geocoder: Geocoder, tree: CategoryTree, criteria: CriteriaRegister
) -> ParsedSearch:
    """Reads ``q, near, radius_km, bbox, category, criteria, kind, month, page, per_page``."""
    problems: list[Problem] = []
    text = " ".join(args.get("q", "").replace("\0", " ").split())
    if len(text) > MAX_QUERY_CHARACTERS:
        problems.append(Problem("q", "too_long", str(MAX_QUERY_CHARACTERS)))
        text = text[:MAX_QUERY_CHARACTERS]
    place = _place(args.get("near", ""), geocoder, problems)
    radius = _radius(args.get("radius_km", ""), problems)
    if radius is not None and place is None and "near" not in {problem.field for problem in problems}:
        problems.append(Problem("radius_km", "needs_place"))
        radius = None
    query = SearchQuery(
        text=text,
        near=place.point if place else None,
        radius_km=radius if place else None,
        bbox=parse_bbox(args.get("bbox", ""), problems),
        categories=choices(args, "category", tree, problems),
        criteria=choices(args, "criteria", criteria, problems),
        kinds=choices(args, "kind", frozenset(Kind), problems),
        month=_month(args.get("month", ""), problems),
        page=_count(args.get("page", ""), 1, MAX_PAGE, "page", problems),
        per_page=_count(args.get("per_page", ""), DEFAULT_PER_PAGE, MAX_PER_PAGE, "per_page", problems),
    )
    return ParsedSearch(query, place, tuple(problems))


def choices(args: MultiDict, name: str, known, problems: list[Problem]) -> tuple[str, ...]:
    """Codes from a parameter that may repeat or hold several joined by commas; unknown ones are told."""
    found: dict[str, None] = {}
    for code in _split(args.getlist(name)):
        if code not in known:
            problems.append(Problem(name, "unknown", code[:80]))
        elif len(found) < MAX_CHOICES:
            found[code] = None
    return tuple(found)


def _split(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        yield from (part.strip() for part in text.split(",") if part.strip())


def parse_bbox(text: str, problems: list[Problem]) -> BBox | None:
    """``west,south,east,north`` in degrees."""
    if not text.strip():
        return None
    try:
        return BBox.parse(text[:200])
    except ValueError:
        problems.append(Problem("bbox", "malformed", text[:80]))
        return None


def _place(text: str, geocoder: Geocoder, problems: list[Problem]) -> GeocodedPlace | None:
    text = " ".join(text.replace("\0", " ").split())
    if not text:
        return None
    if len(text) > MAX_PLACE_CHARACTERS:
        problems.append(Problem("near", "too_long", str(MAX_PLACE_CHARACTERS)))
        return None
    try:
        return geocoder.geocode(text)
    except Ambiguous as several:
        problems.append(Problem("near", "ambiguous", text, several.candidates))
    except NotFound as unknown:
        problems.append(Problem("near", "not_found", text, unknown.suggestions))
    except Unavailable:
        problems.append(Problem("near", "unavailable", text))
    return None


def _radius(text: str, problems: list[Problem]) -> float | None:
    text = text.strip()
    if not text:
        return None
    km = float(text.replace(",", ".")) if text.isascii() and _DECIMAL.fullmatch(text) else math.nan
    if not km > 0:
        problems.append(Problem("radius_km", "malformed", text[:40]))
        return None
    return min(km, MAX_RADIUS_KM)


def _month(text: str, problems: list[Problem]) -> int | None:
    if not text.strip():
        return None
    if text.strip() in {str(month) for month in range(1, 13)}:
        return int(text)
    problems.append(Problem("month", "malformed", text[:40]))
    return None


def _count(text: str, default: int, most: int, field: str, problems: list[Problem]) -> int:
    """A whole number, clamped to 1 and ``most``: an old link with a page too far still shows something."""
    text = text.strip()
    if not text:
        return default
    if not text.isascii() or not text.lstrip("+-").isdigit():
        problems.append(Problem(field, "malformed", text[:40]))
        return default
    if not _WHOLE.fullmatch(text):
        return most
    return min(max(int(text), 1), most)
