"""A match: what is in category read from PostgreSQL, then judged and ranked by :mod:`search.ranking`.

Every supplier in category is read, near or far, because an answer counts how many of them failed each must.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np

from search.answer import Answer
from search.columns import Columns
from search.constants import MIN_SIMILARITY
from search.counting import suitable_counts
from search.criteria import EVIDENCE_VALUES
from search.demand import Demand
from search.postgres.conditions import Parameters
from search.postgres.lexemes import own_query
from search.postgres.reach import AreasThere
from search.postgres.view import View
from search.ranking import rank
from search.validation import validated


@dataclass(frozen=True, eq=False)
class CandidateColumns(Columns):
    """The columns of what is in category, which know how many are considered in the whole index."""

    considered_in_all: int = 0

    @property
    def considered_count(self) -> int:
        """How many suppliers are considered, those that are not in category too."""
        return self.considered_in_all


def match(
    view: View, demand: Demand, now: datetime, limit: int | None, near_miss_limit: int | None
) -> Answer:
    """See :func:`search.ranking.rank`."""
    validated(demand, view.tree, view.criteria, EVIDENCE_VALUES)
    where, put = _in_category(view, [demand])
    columns = _candidates(view, where, put)
    return rank(
        demand,
        columns,
        tree=view.tree,
        criteria=view.criteria,
        now=now,
        stem_rows=_stem_rows(view, columns, where, put),
        limit=limit,
        near_miss_limit=near_miss_limit,
    )


def suitable(view: View, demands: Sequence[Demand], now: datetime) -> tuple[int, ...]:
    """See :func:`search.counting.suitable_counts`."""
    for demand in demands:
        validated(demand, view.tree, view.criteria, EVIDENCE_VALUES)
    columns = _candidates(view, *_in_category(view, demands))
    return suitable_counts(demands, columns, tree=view.tree, criteria=view.criteria, now=now)


def _candidates(view: View, where: str, put: Parameters) -> CandidateColumns:
    columns = view.columns(where, put)
    values = {each.name: getattr(columns, each.name) for each in fields(Columns)}
    values["areas"] = AreasThere(view.connection, view.space, columns)
    return CandidateColumns(**values, considered_in_all=view.current.considered)


def _in_category(view: View, demands: Sequence[Demand]) -> tuple[str, Parameters]:
    """That an offer is listed and in a category similar enough to what a lot asks."""
    codes = {
        code
        for demand in demands
        for lot in demand.lots
        for code, similarity in view.tree.similarities(
            (lot.category,) if lot.category is not None else view.tree.by_cpv(lot.cpv or "")
        ).items()
        if similarity >= MIN_SIMILARITY
    }
    put = Parameters()
    numbers = sorted(number for code in codes if (number := view.codes.number(code)) >= 0)
    return f"o.listed AND o.category = ANY({put.add(numbers)})", put


def _stem_rows(view: View, columns: Columns, where: str, put: Parameters) -> Callable[[str], np.ndarray]:
    """The rows of the candidates whose own texts contain a stem."""

    def having(stem: str) -> np.ndarray:
        values = {**put.values, "stem": own_query(stem)}
        ids = view.connection.exec_driver_sql(
            f"SELECT string_agg(int8send(o.id), '') FROM {view.space}.offer o"
            f" WHERE {where} AND o.stems @@ %(stem)s::tsquery",
            values,
        ).scalar_one()
        return np.sort(columns.offer_rows(np.frombuffer(ids or b"", ">i8").astype(np.int64)))

    return having
