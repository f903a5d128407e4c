"""The match: a demand and a world of suppliers to a ranked, explained answer (MATCHING).

One pure function, used by the pages, the API, the alerts and the reverse view, so that every
place gives the same answer. It reads no clock and keeps nothing.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from geo.distance import haversine_km_many
from search.answer import Answer
from search.candidates import Candidates, candidates, in_season, similarity_tables
from search.columns import Columns
from search.constants import KM_DECIMALS, SCORE_DECIMALS
from search.criteria import EVIDENCE_VALUES, CriteriaRegister
from search.demand import Demand
from search.explaining import Scored, matches
from search.going import going
from search.judging import Asked, asked_criteria, rome_day
from search.lot_views import lot_views
from search.musts import JUDGED, judged_musts, reached
from search.near_misses import Question, near_misses
from search.taxonomy import CategoryTree
from search.utilities import LotResult, StemRows, lot_results, utilities
from search.validation import EvidenceValues, validated
from search.weights import Weighing, weighing


def rank(
    demand: Demand,
    columns: Columns,
    *,
    tree: CategoryTree,
    criteria: CriteriaRegister,
    now: datetime,
    stem_rows: StemRows,
    values: EvidenceValues = EVIDENCE_VALUES,
    limit: int | None = None,
    near_miss_limit: int | None = None,
) -> Answer:
    """Every supplier judged, the eligible ranked, the first ``limit`` and ``near_miss_limit`` spelled out.

    A limit of ``None`` spells out all; counts and ranks never depend on it.
    ``now`` is an aware datetime; ``stem_rows`` finds the offers that contain a
    stem (:data:`search.utilities.StemRows`); ``values`` are the worth of each
    proof. Raises :class:`search.demand.InvalidDemand` for a demand that breaks
    a rule, ValueError for a naive ``now``.
    """
    validated(demand, tree, criteria, values)
    today = rome_day(now)
    weights = weighing(demand)
    tables = similarity_tables(demand, columns, tree)
    found = candidates(columns, tables)
    asked = asked_criteria(demand, columns, criteria, today, values)
    season = in_season(demand, found)
    reach = reached(demand, found)
    goes = going(demand, found, reach)
    views = lot_views(demand, found, tables, asked, season & goes)
    km = haversine_km_many(demand.place.point, columns.lats[found.suppliers], columns.lons[found.suppliers])
    musts = judged_musts(demand, found, km, reach, season, goes, views)
    failed = {must: ~holds for must, holds in musts.items()}
    failures = np.sum([failed[must] for must in JUDGED], axis=0)

    eligible = failures == 0
    results = lot_results(demand, [view.of(eligible) for view in views], stem_rows)
    scored = _scored(demand, found, km, results, asked, weights)
    best = _best_first(scored, np.flatnonzero(eligible))
    question = Question(demand, found, km, tables, season, goes, views, asked, today)
    nearly = _nearest_first(question, np.flatnonzero(failures == 1))
    return Answer(
        matches=matches(demand, asked, scored, best[:limit]),
        near_misses=near_misses(question, failed, nearly[:near_miss_limit]),
        considered=columns.considered_count,
        in_category=len(found),
        failed={must: int(np.count_nonzero(failed[must])) for must in JUDGED},
        dropped=weights.dropped,
        weights=dict(weights.weights),
        eligible=len(best),
        near_missed=len(nearly),
    )


def _scored(
    demand: Demand,
    found: Candidates,
    km: np.ndarray,
    results: tuple[LotResult, ...],
    asked: Sequence[Asked],
    weights: Weighing,
) -> Scored:
    """The candidates with their utilities and scores."""
    worth = utilities(demand, found, km, results, asked, weights.weights)
    contributions = {
        component: weight * worth[component] / weights.total for component, weight in weights.weights.items()
    }
    # The components are added in their fixed order, so that a score is the same to the last bit everywhere.
    return Scored(found, km, results, worth, contributions, sum(contributions.values()))


def _best_first(scored: Scored, positions: np.ndarray) -> np.ndarray:
    """These positions of the candidates by score, then values, then nearness, name, id; compared rounded."""
    keys = [-np.round(scored.score[positions], SCORE_DECIMALS)]
    if "values" in scored.utilities:
        keys.append(-np.round(scored.utilities["values"][positions], SCORE_DECIMALS))
    keys.append(np.round(scored.km[positions], KM_DECIMALS))
    return _ordered(positions, scored.found, keys)


def _nearest_first(question: Question, positions: np.ndarray) -> np.ndarray:
    """These positions of the candidates by distance, then name, then id."""
    return _ordered(positions, question.found, [np.round(question.km[positions], KM_DECIMALS)])


def _ordered(positions: np.ndarray, found: Candidates, keys: Sequence[np.ndarray]) -> np.ndarray:
    """The positions by the keys (first counts most), equal ones by name and id.

    Names are compared in Python, by code point, and only where all keys are
    equal: they are the one column that numpy cannot sort fast.
    """
    if not len(positions):
        return positions
    order = np.lexsort(tuple(keys[::-1]))
    differs = np.logical_or.reduce([key[order][1:] != key[order][:-1] for key in keys])
    bounds = np.flatnonzero(np.concatenate([[True], differs, [True]]))
    names, ids = found.columns.names, found.columns.supplier_ids
    for run in np.flatnonzero(np.diff(bounds) > 1):
        tied = slice(bounds[run], bounds[run + 1])
        rows = found.suppliers[positions[order[tied]]].tolist()
        by_name = sorted(range(len(rows)), key=lambda at, rows=rows: (names[rows[at]], ids[rows[at]]))
        order[tied] = order[tied][by_name]
    return positions[order]
