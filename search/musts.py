"""The musts, each evaluated for every supplier in category, never traded against score (MATCHING)."""

import numpy as np

from geo.areas import BORDER_KM
from search.answer import MUSTS
from search.candidates import Candidates
from search.demand import Demand, Mode
from search.lot_views import LotView, quantities

JUDGED = MUSTS[2:]
"""The musts other than published and category, which every candidate passes."""


def within_limit(demand: Demand, km: np.ndarray) -> np.ndarray:
    """Whether the seat is within the largest distance asked, its border included; true where none is."""
    if demand.max_distance_km is None:
        return np.ones(len(km), dtype=np.bool_)
    return km <= demand.max_distance_km + BORDER_KM


def reached(demand: Demand, found: Candidates) -> np.ndarray | None:
    """Mask of the suppliers of the columns: those found that have an area where the demand is.

    ``None`` where nobody has to go there.
    """
    if demand.mode not in (Mode.DELIVER, Mode.ON_SITE):
        return None
    return found.columns.reached(demand.place, found.suppliers)


def judged_musts(
    demand: Demand,
    found: Candidates,
    km: np.ndarray,
    reach: np.ndarray | None,
    season: np.ndarray,
    goes: np.ndarray,
    views: tuple[LotView, ...],
) -> dict[str, np.ndarray]:
    """For each of :data:`JUDGED`, whether each supplier of the candidates holds it.

    ``km`` per supplier of the candidates; ``reach`` as from :func:`reached`; ``season`` and ``goes`` per offer
    of the candidates; ``views`` the lots over the candidates. What is missing is counted once, where it is
    first missing: without an offer in season neither the ways that offers go nor their criteria are judged,
    and without one that goes there not their criteria.
    """
    everybody = np.ones(len(found), dtype=np.bool_)
    near_enough = within_limit(demand, km)
    seasonal = found.any(season)
    able = found.any(season & goes)
    return {
        "reach": _reached(demand, found, near_enough, reach) & (able | ~seasonal),
        # A demand that collects judges the distance under reach; remote work has none.
        "distance": near_enough if demand.mode in (Mode.DELIVER, Mode.ON_SITE) else everybody,
        "criteria": ~able | np.logical_or.reduce([view.covered for view in views]),
        "reserved": _qualified(demand, found),
        "season": seasonal,
        "capacity": _capable(found, views),
    }


def _reached(
    demand: Demand, found: Candidates, near_enough: np.ndarray, reach: np.ndarray | None
) -> np.ndarray:
    if reach is not None:
        return reach[found.suppliers]
    if demand.mode == Mode.COLLECT:
        return near_enough
    return np.ones(len(found), dtype=np.bool_)


def _qualified(demand: Demand, found: Candidates) -> np.ndarray:
    if not demand.qualifications:
        return np.ones(len(found), dtype=np.bool_)
    holders = np.zeros(len(found.columns), dtype=np.bool_)
    holders[found.columns.qualifications.holders_of_any(demand.qualifications)] = True
    return holders[found.suppliers]


def _capable(found: Candidates, views: tuple[LotView, ...]) -> np.ndarray:
    capable = np.ones(len(found), dtype=np.bool_)
    for view in views:
        if not view.lot.splittable:
            capable &= ~quantities(view).short
    return capable
