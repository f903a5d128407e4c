"""The order of free browsing: how well the text fits and how near it is, ties broken the same everywhere."""

import math
from dataclasses import dataclass

import numpy as np

from geo.points import Point
from search.columns import Columns
from search.constants import KM_DECIMALS
from search.queries import MAX_MAP_FEATURES, MAX_PER_PAGE, Facets, Hit, Page, SearchQuery
from search.reasons import Reason

NEARNESS_HALF_LIFE_KM = 15.0
"""Distance at which nearness counts half."""
NEARNESS_SHARE = 0.5
"""How much of a text's relevance nearness can take away at most (0 to 1)."""
SCORE_DECIMALS = 6
"""Decimals to which scores of browsing are compared and told; relevance is single precision."""


@dataclass(frozen=True, eq=False)
class Found:
    """Offers found, as ``rows`` of the columns, with the score and the distance of each.

    ``km`` is NaN where an organisation is not placed, ``None`` without a place to measure from.
    """

    rows: np.ndarray
    scores: np.ndarray
    km: np.ndarray | None


def score_found(rows: np.ndarray, relevance: np.ndarray | None, km: np.ndarray | None) -> Found:
    """The score of each offer: relevance of the text, nearness, or both.

    With both, the farthest offer keeps ``1 - NEARNESS_SHARE`` of its relevance; without text the score is
    the nearness, 0 to 1; with neither it is 0 for all. Who is not placed counts as far away.
    """
    if km is None:
        scores = np.zeros(len(rows)) if relevance is None else relevance.astype(np.float64)
    else:
        nearness = np.nan_to_num(2.0 ** (-km / NEARNESS_HALF_LIFE_KM))
        if relevance is None:
            scores = nearness
        else:
            scores = relevance * (1.0 - NEARNESS_SHARE + NEARNESS_SHARE * nearness)
    return Found(rows, np.round(scores, SCORE_DECIMALS), km)


@dataclass(frozen=True, eq=False)
class Ordered:
    """The first of what was found: ``positions`` in :class:`Found`, and the distinct ``suppliers`` (rows) in order."""

    positions: np.ndarray
    suppliers: np.ndarray


def ordered(columns: Columns, found: Found, count: int, suppliers: int = MAX_MAP_FEATURES) -> Ordered:
    """The first ``count`` offers and the first distinct ``suppliers`` by their best offer.

    Higher score first, then nearer, then the newer offer (higher id).
    """
    keys = [-found.scores]
    if found.km is not None:
        keys.append(np.round(np.nan_to_num(found.km, nan=np.inf), KM_DECIMALS))
    keys.append(-columns.offers.ids[found.rows])
    owners = columns.offers.supplier[found.rows]
    looked_at = max(count, 4 * suppliers)
    while True:
        positions = _smallest(np.arange(len(owners)), keys, looked_at)
        in_order = owners[positions]
        # The first place of each supplier: assigned backwards, so that the first wins.
        first = np.full(len(columns), len(in_order), dtype=np.int64)
        first[in_order[::-1]] = np.arange(len(in_order) - 1, -1, -1)
        distinct = np.sort(first[first < len(in_order)])
        if len(distinct) >= suppliers or looked_at >= len(owners):
            return Ordered(positions[:count], in_order[distinct[:suppliers]])
        looked_at *= 8


def window(query: SearchQuery) -> tuple[int, int]:
    """How many results come before the page that is asked for, and how many are on it."""
    per_page = min(max(query.per_page, 1), MAX_PER_PAGE)
    return (max(query.page, 1) - 1) * per_page, per_page


def page_of(
    columns: Columns,
    found: Found,
    query: SearchQuery,
    facets: Facets,
    *,
    did_you_mean: str | None = None,
    degraded: bool = False,
) -> Page:
    """The page that the query asks for, of what was found. One beyond the last is empty."""
    start, per_page = window(query)
    there = start < len(found.rows)
    on_the_map = MAX_MAP_FEATURES if query.counted else 0
    order = ordered(columns, found, start + per_page if there else per_page, on_the_map)
    shown = order.positions[start : start + per_page] if there else order.positions[:0]
    return Page(
        hits=_hits(columns, found, shown),
        total=len(found.rows),
        facets=facets,
        supplier_ids=tuple(columns.supplier_ids[order.suppliers].tolist()),
        did_you_mean=did_you_mean,
        degraded=degraded,
    )


def _hits(columns: Columns, found: Found, positions: np.ndarray) -> tuple[Hit, ...]:
    rows = found.rows[positions]
    distances = [None] * len(rows) if found.km is None else found.km[positions].tolist()
    each = zip(
        columns.offers.ids[rows].tolist(),
        columns.supplier_ids[columns.offers.supplier[rows]].tolist(),
        found.scores[positions].tolist(),
        distances,
        strict=True,
    )
    return tuple(_hit(*one) for one in each)


def _hit(offer_id: int, supplier_id: int, score: float, km: float | None) -> Hit:
    if km is None or math.isnan(km):
        return Hit(offer_id, supplier_id, score, None)
    return Hit(offer_id, supplier_id, score, km, (Reason.of("distance", km=round(km, 3)),))


def kilometres(
    columns: Columns, rows: np.ndarray, near: Point | None, supplier_km: np.ndarray | None
) -> np.ndarray | None:
    """The distance of each offer's seat from ``near``, from those of all suppliers."""
    if near is None or supplier_km is None:
        return None
    return supplier_km[columns.offers.supplier[rows]]


def _smallest(positions: np.ndarray, keys: list[np.ndarray], count: int) -> np.ndarray:
    """The ``count`` positions that come first by the keys, in order, without sorting the rest."""
    if len(positions) > count:
        key = keys[0][positions]
        edge = np.partition(key, count - 1)[count - 1] if count else -np.inf
        surely, at_edge = positions[key < edge], positions[key == edge]
        if len(keys) > 1 and len(surely) + len(at_edge) > count:
            at_edge = _smallest(at_edge, keys[1:], count - len(surely))
        positions = np.concatenate((surely, at_edge[: count - len(surely)]))
    return positions[np.lexsort([key[positions] for key in reversed(keys)])]
