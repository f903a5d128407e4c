"""Eligible suppliers spelled out: covered lots, evidence, and the facts that explain the place of each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.answer import LotCover, Match
from search.candidates import Candidates
from search.demand import Demand
from search.evidence import evidence_of
from search.facts import criteria_facts, lot_facts, place_facts, price_facts, standing_facts
from search.judging import Asked
from search.listed_lots import ListedLot
from search.utilities import LotResult


@dataclass(frozen=True, eq=False)
class Scored:
    """Candidates with their scores, of which only those of the eligible have a meaning.

    The arrays hold one value per supplier of ``found``.
    """

    found: Candidates
    km: np.ndarray
    results: tuple[LotResult, ...]
    utilities: dict[str, np.ndarray]
    contributions: dict[str, np.ndarray]
    score: np.ndarray


def matches(demand: Demand, asked: Sequence[Asked], scored: Scored, order: np.ndarray) -> tuple[Match, ...]:
    """The suppliers at these positions of ``scored.found``, ranked 1, 2, ... in the order given."""
    columns = scored.found.columns
    suppliers = scored.found.suppliers[order]
    lots = [ListedLot.of(result, order) for result in scored.results]
    covers, covering_rows = [], []
    for place in range(len(order)):
        chosen = [(listed, listed.offers(place)) for listed in lots if listed.covers(place)]
        covers.append(tuple(_lot_cover(listed, place, at) for listed, at in chosen))
        covering_rows.append(frozenset(row for listed, at in chosen for row in listed.offer_rows[at]))
    evidence = evidence_of(columns, asked, suppliers.tolist(), covering_rows)

    distances = scored.km[order].tolist()
    scores = scored.score[order].tolist()
    contributions = _rows(scored.contributions, order)
    utilities = _rows(scored.utilities, order)
    ids = columns.supplier_ids[suppliers].tolist()
    names = columns.names[suppliers].tolist()
    return tuple(
        Match(
            rank=place + 1,
            supplier_id=ids[place],
            name=names[place],
            score=scores[place],
            contributions=contributions[place],
            utilities=utilities[place],
            distance_km=distances[place],
            lots=covers[place],
            evidence=evidence[place],
            reasons=(
                *place_facts(demand, distances[place]),
                *standing_facts(demand, columns, int(suppliers[place])),
                *lot_facts(lots, place, covers[place]),
                *criteria_facts(asked, evidence[place]),
                *price_facts(demand, covers[place]),
            ),
        )
        for place in range(len(order))
    )


def _rows(parts: dict[str, np.ndarray], order: np.ndarray) -> list[dict[str, float]]:
    """Columns by name as one mapping per supplier."""
    columns = [column[order].tolist() for column in parts.values()]
    return [dict(zip(parts, values, strict=True)) for values in zip(*columns, strict=True)]


def _lot_cover(listed: ListedLot, place: int, covering: slice) -> LotCover:
    price = listed.price[place]
    return LotCover(
        lot=listed.number,
        offer_ids=tuple(listed.offer_ids[covering]),
        similarity=max(listed.similarity[covering]),
        share=listed.share[place],
        best_price=None if price == math.inf else price,
        fit=listed.fit[place],
    )
