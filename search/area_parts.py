"""The delivery areas of all suppliers: one index of areas per part that was built at once.

An index of areas is costly to build and never changes; when columns are put together from parts,
or suppliers are left out, the indexes stay and only the rows to which their owners lead change.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.areas import Area, AreaIndex, Place

MAX_PARTS = 8
"""Beyond so many indexes all but the largest are built anew as one, to keep a query to few of them."""


@dataclass(frozen=True, eq=False)
class AreaParts:
    """``lists``: the areas by supplier row. ``parts``: an index and, by the owner number it knows, the row now.

    A row of -1 is a supplier that is gone.
    """

    lists: np.ndarray
    parts: tuple[tuple[AreaIndex, np.ndarray], ...]

    @classmethod
    def build(cls, lists: Sequence[tuple[Area, ...]]) -> "AreaParts":
        """The areas of suppliers 0, 1, ..., in one index."""
        array = np.empty(len(lists), dtype=object)
        array[:] = lists
        return cls(array, _indexed(array, np.arange(len(lists), dtype=np.int32)))

    def reached(self, place: Place) -> np.ndarray:
        """Mask over the supplier rows: those with an area that covers the place, border included."""
        reached = np.zeros(len(self.lists), dtype=np.bool_)
        for index, rows in self.parts:
            owners = rows[index.covering(place)]
            reached[owners[owners >= 0]] = True
        return reached

    def selected(self, rows: np.ndarray, new_row: np.ndarray) -> "AreaParts":
        """The same for the suppliers in ``rows`` only, which move to ``new_row``."""
        moved = []
        for index, old in self.parts:
            now = np.where(old >= 0, new_row[old], -1).astype(np.int32)
            if (now >= 0).any():
                moved.append((index, now))
        return AreaParts(self.lists[rows], tuple(moved))

    @classmethod
    def concat(cls, several: Sequence["AreaParts"]) -> "AreaParts":
        """Suppliers one after the other, keeping their indexes as long as they are few."""
        lists = np.concatenate([areas.lists for areas in several])
        parts, shift = [], 0
        for areas in several:
            parts += [
                (index, np.where(rows >= 0, rows + shift, -1).astype(np.int32)) for index, rows in areas.parts
            ]
            shift += len(areas.lists)
        if len(parts) > MAX_PARTS:
            largest = max(parts, key=lambda part: len(part[1]))
            others = np.concatenate([rows for index, rows in parts if index is not largest[0]])
            parts = [largest, *_indexed(lists, np.unique(others[others >= 0]))]
        return cls(lists, tuple(parts))


def _indexed(lists: np.ndarray, rows: np.ndarray) -> tuple[tuple[AreaIndex, np.ndarray], ...]:
    """One index of the areas of these rows; none where there are no areas."""
    owned = [(area, number) for number, row in enumerate(rows) for area in lists[row]]
    if not owned:
        return ()
    areas, owners = zip(*owned, strict=True)
    return ((AreaIndex.build(areas, owners), rows),)
