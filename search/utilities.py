"""What each component of the score is worth, 0 to 1, for the eligible suppliers (MATCHING, Then the score)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from search.candidates import Candidates
from search.constants import NO_PENALTY_KM, TEXT_SHARE, UNKNOWN_PRICE_UTILITY
from search.demand import Demand
from search.judging import Asked
from search.lot_views import LotView, Quantities, comparable_prices, quantities
from search.text import stems

StemRows = Callable[[str], np.ndarray]
"""A stem to the ascending rows of the offers whose title, description, or own category's labels and
synonyms contain it. Rows of offers that nobody may see do no harm."""


@dataclass(frozen=True, eq=False)
class LotResult:
    """One lot worked out: the fit and price of each covering offer, and the best of each supplier.

    Fit is the similarity raised by the text, 0 for a supplier that does not cover; prices are
    infinite where there is none.
    """

    view: LotView
    quantities: Quantities
    offer_fit: np.ndarray
    fit: np.ndarray
    offer_price: np.ndarray
    price: np.ndarray


def lot_results(demand: Demand, views: Sequence[LotView], stem_rows: StemRows) -> tuple[LotResult, ...]:
    """Every lot worked out."""
    results = []
    for view in views:
        offer_fit = _with_text(view, stem_rows)
        offer_price = comparable_prices(view, demand.prices_with_vat)
        results.append(
            LotResult(
                view,
                quantities(view),
                offer_fit,
                view.highest(offer_fit),
                offer_price,
                view.lowest(offer_price),
            )
        )
    return tuple(results)


def utilities(
    demand: Demand,
    found: Candidates,
    km: np.ndarray,
    results: Sequence[LotResult],
    asked: Sequence[Asked],
    components: Iterable[str],
) -> dict[str, np.ndarray]:
    """The utility of these components, per supplier of the candidates; without meaning for who is not eligible."""
    work = {
        "fit": lambda: _mean([result.fit * result.quantities.share for result in results]),
        "proximity": lambda: 2.0 ** (-np.maximum(0.0, km - NO_PENALTY_KM) / demand.half_life_km),
        "values": lambda: _values(found, results, [one for one in asked if one.importance is not None]),
        "price": lambda: _price(results),
    }
    return {component: work[component]() for component in components}


def _with_text(view: LotView, stem_rows: StemRows) -> np.ndarray:
    """Category similarity, raised by the share of the lot's distinct stems that the offer contains."""
    sought = sorted(set(stems(view.lot.text))) if view.lot.text else ()
    if not sought:
        return view.similarity
    hits = np.zeros(len(view.rows), dtype=np.int32)
    for stem in sought:
        contains = np.zeros(len(view.columns.offers), dtype=np.bool_)
        contains[stem_rows(stem)] = True
        hits += contains[view.rows]
    return view.similarity + (1.0 - view.similarity) * (hits / len(sought)) * TEXT_SHARE


def _values(found: Candidates, results: Sequence[LotResult], preferred: Sequence[Asked]) -> np.ndarray:
    """The weighted mean of the evidence, averaged over covered lots."""
    importance = sum(one.importance for one in preferred)
    own = [one.suppliers.best(found.suppliers, one.values) for one in preferred]
    # Most criteria are claimed by organisations only: then every covered lot has the same evidence.
    by_offer = [
        one.offers.best(found.rows, one.values) if len(one.offers.holder) else None for one in preferred
    ]
    lots = []
    for result in results:
        worth = np.zeros(len(found))
        for one, of_supplier, of_offers in zip(preferred, own, by_offer, strict=True):
            evidence = of_supplier
            if of_offers is not None:
                evidence = np.maximum(of_supplier, result.view.highest(of_offers[result.view.at]))
            worth += one.importance * evidence
        lots.append(np.where(result.view.covered, worth / importance, 0.0))
    covered = np.sum([result.view.covered for result in results], axis=0)
    return _sum(lots) / np.maximum(1, covered)


def _price(results: Sequence[LotResult]) -> np.ndarray:
    """The mean over the lots that have a budget."""
    worth = []
    for result in results:
        if (budget := result.view.lot.budget) is not None:
            falling = np.clip(2.0 - result.price / budget, 0.0, 1.0)
            worth.append(np.where(np.isinf(result.price), UNKNOWN_PRICE_UTILITY, falling))
    return _mean(worth)


def _mean(lots: Sequence[np.ndarray]) -> np.ndarray:
    return _sum(lots) / len(lots)


def _sum(lots: Sequence[np.ndarray]) -> np.ndarray:
    """The sum over lots, taken in ascending order of the terms, so that the order of the lots changes no bit."""
    return lots[0] if len(lots) == 1 else np.sort(np.stack(lots), axis=0).sum(axis=0)
