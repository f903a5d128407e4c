"""A stored demand as the matcher sees it."""

import logging
from collections.abc import Iterable
from functools import lru_cache

from geo.areas import Place
from geo.points import Point
from marketplace import engines
from marketplace.demands.models import Demand
from marketplace.demands.types import PUBLIC_TYPES
from search import demand as values
from search.validation import validated

log = logging.getLogger(__name__)


def matchable(demand: Demand) -> values.Demand:
    """The plain value of a stored demand; lots must be loaded. Raises nothing: what is stored was validated."""
    return values.Demand(
        place=Place(Point(demand.lat, demand.lon), demand.comune, demand.province),
        lots=tuple(
            values.Lot(lot.category, lot.cpv, lot.text, lot.quantity, lot.unit, lot.budget, lot.splittable)
            for lot in demand.lots
        ),
        profile=values.Profile.PUBLIC if demand.type in PUBLIC_TYPES else values.Profile.COMMUNITY,
        mode=values.Mode(demand.mode),
        max_distance_km=demand.max_distance_m / 1000 if demand.max_distance_m is not None else None,
        half_life_km=demand.half_life_m / 1000,
        required=tuple(
            values.Required(must["criterion"], frozenset(must["proofs"])) for must in demand.required
        ),
        preferred=tuple(values.Preferred(wish["criterion"], wish["importance"]) for wish in demand.preferred),
        qualifications=frozenset(demand.qualifications),
        months=demand.months,
        weights=values.Weights(**demand.weights),
        budget_with_vat=demand.budget_with_vat,
        proximity_reason=demand.proximity_reason,
    )


def readable(demands: Iterable[Demand]) -> list[tuple[Demand, values.Demand]]:
    """Those that can be matched, with their values, in their order.

    What is stored was validated, by the tree and the criteria of its day. Where many demands are looked at, one that
    breaks a rule today, or was written by hand, is passed over, and the log says which.
    """
    found = []
    for demand in demands:
        try:
            value = validated(matchable(demand), engines.categories(), engines.criteria())
        except (ValueError, KeyError, TypeError) as problem:
            _tell(demand.id, f"{type(problem).__name__}: {problem}")
        else:
            found.append((demand, value))
    return found


@lru_cache(1000)
def _tell(demand_id: int, problem: str) -> None:
    """Once a process, for pages that anybody may open as often as they like."""
    log.warning("Demand %d cannot be matched and is passed over: %s", demand_id, problem)
