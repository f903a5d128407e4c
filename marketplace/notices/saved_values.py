"""A saved search as it is stored, and as what it stands for: the search page's own parameters, read once.

The place is kept with its point, so that a search that was saved never waits for a geocoder.
"""

from collections.abc import Mapping
from typing import Any

from geo.areas import Place
from geo.points import Point
from marketplace.explore.parameters import ParsedSearch
from marketplace.notices.reverse import Kept
from search.queries import SearchQuery

#: Within how far, in km, where somebody saved a search near a place and named no distance.
DEFAULT_RADIUS_KM = 30


def stored(parsed: ParsedSearch, *, radius_km: int | None, delivered: bool) -> dict[str, Any]:
    """What is kept of a search; the page's number and the window of its map are not."""
    query, place = parsed.query, parsed.place
    kept: dict[str, Any] = {
        "q": query.text,
        "category": list(query.categories),
        "criteria": list(query.criteria),
        "kind": list(query.kinds),
        "month": query.month,
    }
    if place is not None:
        kept |= {
            "near": place.label,
            "lat": place.point.lat,
            "lon": place.point.lon,
            "comune": place.comune,
            "province": place.province,
            "radius_km": radius_km or DEFAULT_RADIUS_KM,
            "delivered": delivered,
        }
    return {name: value for name, value in kept.items() if value}


def asks_anything(kept: Mapping[str, Any]) -> bool:
    """Whether it leaves anything out: a search for everything would tell of every product."""
    return any(kept.get(name) for name in ("q", "category", "criteria", "near"))


def parameters(kept: Mapping[str, Any]) -> dict[str, Any]:
    """For the address of the search page."""
    names = ("q", "near", "radius_km", "category", "criteria", "kind", "month")
    return {name: kept[name] for name in names if kept.get(name)}


def as_kept(key: int, kept: Mapping[str, Any]) -> Kept:
    """For :class:`marketplace.notices.reverse.ReverseIndex`."""
    point = Point(kept["lat"], kept["lon"]) if "lat" in kept else None
    query = SearchQuery(
        text=kept.get("q", ""),
        near=point,
        radius_km=float(kept["radius_km"]) if point is not None else None,
        categories=tuple(kept.get("category", ())),
        criteria=tuple(kept.get("criteria", ())),
        kinds=tuple(kept.get("kind", ())),
        month=kept.get("month"),
    )
    place = Place(point, kept.get("comune"), kept.get("province")) if point is not None else None
    return Kept(key, query, delivered_to=place if kept.get("delivered") else None)
