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


def judged_musts(
    demand: Demand, found: Candidates, km: np.ndarray, season: np.ndarray, views: tuple[LotView, ...]
) -> dict[str, np.ndarray]:
    """For each of :data:`JUDGED`, whether each supplier of the candidates holds it.

    ``km`` per supplier; ``season`` per offer; ``views`` the lots over the candidates.
    """
    everybody = np.ones(len(found), dtype=np.bool_)
    near_enough = within_limit(demand, km)
    seasonal = found.any(season)
    return {
        "reach": _reached(demand, found, near_enough),
        # A demand that collects judges the distance under reach; remote work has none.
        "distance": near_enough if demand.mode in (Mode.DELIVER, Mode.ON_SITE) else everybody,
        "criteria": ~seasonal | np.logical_or.reduce([view.covered for view in views]),
        "reserved": _qualified(demand, found),
        "season": seasonal,
        "capacity": _capable(found, views),
    }


def _reached(demand: Demand, found: Candidates, near_enough: np.ndarray) -> np.ndarray:
    if demand.mode == Mode.REMOTE:
        return np.ones(len(found), dtype=np.bool_)
    if demand.mode == Mode.COLLECT:
        return near_enough
    return found.columns.reached(demand.place)[found.suppliers]


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
