"""How many suppliers are suitable, for several demands that differ in little: without ranking or explaining anybody.

A demand and the same without one of its musts have most of the work in common: the offers in category, where they
go, who holds which criterion. Each of these is done once for all that share it.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from geo.distance import haversine_km_many
from search.candidates import Candidates, candidates, in_season, similarity_tables
from search.columns import Columns
from search.criteria import EVIDENCE_VALUES, CriteriaRegister
from search.demand import Demand
from search.going import going
from search.judging import asked_criteria, rome_day
from search.lot_views import lot_views
from search.musts import judged_musts, reached
from search.taxonomy import CategoryTree
from search.validation import EvidenceValues, validated


def suitable_counts(
    demands: Sequence[Demand],
    columns: Columns,
    *,
    tree: CategoryTree,
    criteria: CriteriaRegister,
    now: datetime,
    values: EvidenceValues = EVIDENCE_VALUES,
) -> tuple[int, ...]:
    """For each demand the number that :func:`search.ranking.rank` calls ``eligible``.

    Raises :class:`search.demand.InvalidDemand` for a demand that breaks a rule, ValueError for a naive ``now``.
    """
    today = rome_day(now)
    tables_of, found_of, reach_of, km_of = {}, {}, {}, {}
    counts = []
    for demand in demands:
        validated(demand, tree, criteria, values)
        asked_for = tuple((lot.category, lot.cpv) for lot in demand.lots)
        if asked_for not in found_of:
            tables_of[asked_for] = similarity_tables(demand, columns, tree)
            found_of[asked_for] = candidates(columns, tables_of[asked_for])
        found = found_of[asked_for]
        where = (demand.place, demand.mode, asked_for)
        if where not in reach_of:
            reach_of[where] = reached(demand, found)
        seats = (demand.place.point, asked_for)
        if seats not in km_of:
            km_of[seats] = _km(demand, found, columns)
        season = in_season(demand, found)
        goes = going(demand, found, reach_of[where])
        asked = asked_criteria(demand, columns, criteria, today, values)
        views = lot_views(demand, found, tables_of[asked_for], asked, season & goes)
        musts = judged_musts(demand, found, km_of[seats], reach_of[where], season, goes, views)
        counts.append(int(np.count_nonzero(np.logical_and.reduce(list(musts.values())))))
    return tuple(counts)


def _km(demand: Demand, found: Candidates, columns: Columns) -> np.ndarray:
    return haversine_km_many(demand.place.point, columns.lats[found.suppliers], columns.lons[found.suppliers])
