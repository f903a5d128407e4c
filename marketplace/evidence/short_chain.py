"""When "chilometro zero" and "filiera corta" may be said: L. 61/2022, art. 2, over the declared places of the chain.

The figures of the law are arguments, from ``data/law.csv`` by date. Pure functions of plain values.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from geo.distance import geodesic_km
from geo.points import Point


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """A place of the chain: where raw materials are grown or raised, where they are processed, or both."""

    name: str
    point: Point
    province: str | None
    grown: bool
    processed: bool


@dataclass(frozen=True, slots=True)
class ChainRule:
    """Art. 2 c. 1: lett. a, the farthest radius of km zero; lett. b, how many intermediaries a short chain has."""

    radius_km: Decimal
    intermediaries: int


@dataclass(frozen=True, slots=True)
class KmZero:
    """``met`` for the place of sale or consumption that was asked; ``farthest`` is None without places."""

    met: bool
    farthest: ChainPlace | None
    farthest_km: float | None


def is_whole(places: Iterable[ChainPlace]) -> bool:
    """Whether the places say both where raw materials are produced and where they are processed."""
    places = list(places)
    return any(place.grown for place in places) and any(place.processed for place in places)


def km_zero(places: Iterable[ChainPlace], at: Point, province: str | None, rule: ChainRule) -> KmZero:
    """Whether goods from these places are at zero kilometres where they are sold or consumed.

    Every place lies within the radius, border included, or in the same province.
    """
    measured = [(geodesic_km(place.point, at), place) for place in places]
    if not measured:
        return KmZero(False, None, None)
    km, farthest = max(measured, key=lambda pair: (pair[0], pair[1].name))
    near = all(
        distance <= rule.radius_km or (province is not None and place.province == province)
        for distance, place in measured
    )
    return KmZero(near and is_whole(place for _km, place in measured), farthest, km)


def is_short_chain(places: Iterable[ChainPlace], intermediaries: int | None, rule: ChainRule) -> bool:
    """Whether the chain is declared whole, with no more intermediaries than the law admits.

    Co-operatives and their consortia are no intermediaries (lett. b): who declares leaves them out of the count.
    """
    return intermediaries is not None and 0 <= intermediaries <= rule.intermediaries and is_whole(places)
