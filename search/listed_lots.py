"""A lot over the suppliers to be listed, as plain lists: reading numpy one number at a time is slow."""

from dataclasses import dataclass

import numpy as np

from search.constants import SCORE_DECIMALS
from search.demand import Lot
from search.utilities import LotResult


@dataclass(frozen=True, slots=True)
class ListedLot:
    """One value per listed supplier, and one per covering offer of theirs.

    ``begins`` and ``ends`` are, per supplier, the positions of its covering
    offers in the lists of offers: equal where it does not cover the lot.
    A supplier's offers are in order: by fit, then price, then id.
    """

    number: int
    lot: Lot
    begins: list[int]
    ends: list[int]
    share: list[float]
    fit: list[float]
    price: list[float]
    short: list[bool]
    known: list[bool]
    available: list[int]
    offer_rows: list[int]
    offer_ids: list[int]
    similarity: list[float]

    @classmethod
    def of(cls, result: LotResult, order: np.ndarray) -> "ListedLot":
        """The lot over the suppliers at these positions of the candidates."""
        view, amounts = result.view, result.quantities
        begins, ends = np.searchsorted(view.group, order), np.searchsorted(view.group, order, side="right")
        sizes = ends - begins
        first = np.concatenate([[0], np.cumsum(sizes)])
        # Every listed supplier's offers, one supplier after the other.
        at = np.arange(first[-1]) + np.repeat(begins - first[:-1], sizes)
        fit = -np.round(result.offer_fit[at], SCORE_DECIMALS)
        ids = view.columns.offers.ids[view.rows[at]]
        owners = np.repeat(np.arange(len(sizes)), sizes)
        order_within = np.lexsort((ids, result.offer_price[at], fit, owners))
        at, ids = at[order_within], ids[order_within]
        by_supplier = (
            amounts.share,
            result.fit,
            result.price,
            amounts.short,
            amounts.known,
            amounts.available,
        )
        by_offer = (view.rows[at], ids, view.similarity[at])
        return cls(
            view.number,
            view.lot,
            first[:-1].tolist(),
            first[1:].tolist(),
            *(column[order].tolist() for column in by_supplier),
            *(column.tolist() for column in by_offer),
        )

    def covers(self, place: int) -> bool:
        """Whether the supplier in this place of the list covers the lot."""
        return self.begins[place] < self.ends[place]

    def offers(self, place: int) -> slice:
        """Where the covering offers of the supplier in this place of the list are in the lists of offers."""
        return slice(self.begins[place], self.ends[place])
