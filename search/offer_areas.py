"""Offers that go only to some of their supplier's delivery areas, as columns.

Most offers go wherever their supplier does and are not here at all, so that they cost a match nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class OfferAreas:
    """``bounded``: the rows of offers that name areas of their own, ascending.

    ``offer`` and ``area``, pair by pair, ascending by offer: an offer row and the position of an area that
    it names among its supplier's. An offer that is bounded and has no pair goes nowhere.
    """

    bounded: np.ndarray
    offer: np.ndarray
    area: np.ndarray

    @classmethod
    def of(cls, named: Sequence[tuple[int, Sequence[int]]]) -> "OfferAreas":
        """Out of offer rows, ascending, each with the positions of the areas that it names."""
        return cls(
            np.array([row for row, _ in named], dtype=np.int32),
            np.array([row for row, areas in named for _ in areas], dtype=np.int32),
            np.array([area for _, areas in named for area in areas], dtype=np.int32),
        )

    @classmethod
    def concat(cls, several: Sequence["OfferAreas"], shifts: Sequence[int]) -> "OfferAreas":
        """One after the other, offer rows shifted by so much."""
        pairs = list(zip(several, shifts, strict=True))
        return cls(
            np.concatenate([one.bounded + np.int32(shift) for one, shift in pairs]),
            np.concatenate([one.offer + np.int32(shift) for one, shift in pairs]),
            np.concatenate([one.area for one, _ in pairs]),
        )

    def renumbered(self, new_row: np.ndarray) -> "OfferAreas":
        """The same with offers moved to ``new_row`` in the same order; those moved to -1 are left out."""
        bounded, offer = new_row[self.bounded], new_row[self.offer]
        return OfferAreas(bounded[bounded >= 0], offer[offer >= 0], self.area[offer >= 0])

    def of_offer(self, row: int) -> tuple[int, ...] | None:
        """The positions that one offer names, ``None`` where it goes everywhere."""
        at = np.searchsorted(self.bounded, row)
        if at == len(self.bounded) or self.bounded[at] != row:
            return None
        low, high = np.searchsorted(self.offer, (row, row + 1))
        return tuple(self.area[low:high].tolist())
