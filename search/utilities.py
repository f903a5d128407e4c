"""What each component of the score is worth, 0 to 1, for every eligible supplier (MATCHING, Then the score)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from search.candidates import Candidates, LotView, Quantities, best_prices, quantities
from search.constants import NO_PENALTY_KM, TEXT_SHARE, UNKNOWN_PRICE_UTILITY
from search.demand import Demand
from search.judging import Asked
from search.text import stems

StemRows = Callable[[str], np.ndarray]
"""A stem to the ascending rows of the offers whose title, description, or own category's labels and
synonyms contain it. Rows of offers that nobody may see do no harm."""


@dataclass(frozen=True, eq=False)
class LotResult:
    """One lot over the eligible: its view and quantities, each offer's fit and price, each supplier's best.

    ``offer_fit`` is the similarity raised by the text, 0 where the offer does
    not cover; prices are infinite where there is none.
    """

    view: LotView
    quantities: Quantities
    offer_fit: np.ndarray
    fit: np.ndarray
    offer_price: np.ndarray
    price: np.ndarray


def lot_results(
    demand: Demand, found: Candidates, views: Sequence[LotView], stem_rows: StemRows
) -> tuple[LotResult, ...]:
    """Every lot worked out over the candidates."""
    results = []
    for view in views:
        offer_fit = np.where(view.covering, _with_text(found, view, stem_rows), 0.0)
        offer_price, price = best_prices(found, view, demand.prices_with_vat)
        amounts = quantities(found, view)
        results.append(LotResult(view, amounts, offer_fit, found.highest(offer_fit), offer_price, price))
    return tuple(results)


def utilities(
    demand: Demand, found: Candidates, km: np.ndarray, results: Sequence[LotResult], asked: Sequence[Asked]
) -> dict[str, np.ndarray]:
    """Every component's utility per supplier; those on which the demand says nothing are still there, to be dropped."""
    return {
        "fit": _mean([result.fit * result.quantities.share for result in results]),
        "proximity": 2.0 ** (-np.maximum(0.0, km - NO_PENALTY_KM) / demand.half_life_km),
        "values": _values(found, results, [one for one in asked if one.importance is not None]),
        "price": _price(found, results),
    }


def _with_text(found: Candidates, view: LotView, stem_rows: StemRows) -> np.ndarray:
    """Category similarity, raised by the share of the lot's distinct stems that the offer contains."""
    sought = sorted(set(stems(view.lot.text))) if view.lot.text else ()
    if not sought:
        return view.similarity
    hits = np.zeros(len(found.rows), dtype=np.int32)
    for stem in sought:
        contains = np.zeros(len(found.columns.offers), dtype=np.bool_)
        contains[stem_rows(stem)] = True
        hits += contains[found.rows]
    return view.similarity + (1.0 - view.similarity) * (hits / len(sought)) * TEXT_SHARE


def _values(found: Candidates, results: Sequence[LotResult], preferred: Sequence[Asked]) -> np.ndarray:
    """The weighted mean of the evidence, averaged over covered lots."""
    if not preferred:
        return np.zeros(len(found))
    importance = sum(one.importance for one in preferred)
    own = [one.best_of_suppliers(len(found.columns))[found.suppliers] for one in preferred]
    # Most criteria are claimed by organisations only: then every covered lot has the same evidence.
    by_offer = [
        one.best_of_offers(len(found.columns.offers))[found.rows] if len(one.offers.holder) else None
        for one in preferred
    ]
    lots = []
    for result in results:
        worth = np.zeros(len(found))
        for one, of_supplier, of_offers in zip(preferred, own, by_offer, strict=True):
            evidence = of_supplier
            if of_offers is not None:
                covering = np.where(result.view.covering, of_offers, 0.0)
                evidence = np.maximum(of_supplier, found.highest(covering))
            worth += one.importance * evidence
        lots.append(np.where(result.quantities.covered, worth / importance, 0.0))
    covered = np.sum([result.quantities.covered for result in results], axis=0)
    return _sum(lots) / np.maximum(1, covered)


def _price(found: Candidates, results: Sequence[LotResult]) -> np.ndarray:
    """The mean over the lots that have a budget."""
    worth = []
    for result in results:
        if (budget := result.view.lot.budget) is not None:
            falling = np.clip(2.0 - result.price / budget, 0.0, 1.0)
            worth.append(np.where(np.isinf(result.price), UNKNOWN_PRICE_UTILITY, falling))
    return _mean(worth) if worth else np.zeros(len(found))


def _mean(lots: Sequence[np.ndarray]) -> np.ndarray:
    return _sum(lots) / len(lots)


def _sum(lots: Sequence[np.ndarray]) -> np.ndarray:
    """The sum over lots, taken in ascending order of the terms, so that the order of the lots changes no bit."""
    return lots[0] if len(lots) == 1 else np.sort(np.stack(lots), axis=0).sum(axis=0)
