"""A lot over the suppliers to be listed, as plain lists: reading numpy one number at a time is slow."""

from dataclasses import dataclass

import numpy as np

from search.demand import Lot
from search.utilities import LotResult


@dataclass(frozen=True, slots=True)
class ListedLot:
    """The first seven hold one value per supplier, the others one per offer of those suppliers."""

    number: int
    lot: Lot
    covered: list[bool]
    share: list[float]
    fit: list[float]
    price: list[float]
    short: list[bool]
    known: list[bool]
    available: list[int]
    covering: list[bool]
    similarity: list[float]
    offer_fit: list[float]
    offer_price: list[float]

    @classmethod
    def of(cls, result: LotResult, order: np.ndarray, offers: np.ndarray) -> "ListedLot":
        amounts = result.quantities
        by_supplier = (amounts.covered, amounts.share, result.fit, result.price)
        by_supplier += (amounts.short, amounts.known, amounts.available)
        by_offer = (result.view.covering, result.view.similarity, result.offer_fit, result.offer_price)
        return cls(
            result.view.number,
            result.view.lot,
            *(column[order].tolist() for column in by_supplier),
            *(column[offers].tolist() for column in by_offer),
        )
