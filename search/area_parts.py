"""The delivery areas of all suppliers: one index of areas per part that was built at once.

An index of areas is costly to build and never changes; when columns are put together from parts,
or suppliers are left out, the indexes stay and only the rows to which their owners lead change.
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

import numpy as np

from geo.areas import Area, AreaIndex, Place

MAX_PARTS = 8
"""Beyond so many indexes all but the largest are built anew as one, to keep a query to few of them."""
LARGE = 1_000
"""Indexes of so many areas, as a build of a whole district leaves several, are merged into one."""


class AreaPart(NamedTuple):
    """An index of areas, and whose they are.

    By the number under which the index knows an owner, ``rows`` holds the supplier row now, -1 where it is
    gone. By the position of an area in the index, ``owners`` holds that number, and ``positions`` which of
    its owner's areas it is.
    """

    index: AreaIndex
    rows: np.ndarray
    owners: np.ndarray
    positions: np.ndarray


@dataclass(frozen=True, eq=False)
class AreaParts:
    """``lists``: the areas by supplier row; ``parts``: the indexes of them."""

    lists: np.ndarray
    parts: tuple[AreaPart, ...]

    @classmethod
    def build(cls, lists: Sequence[tuple[Area, ...]]) -> "AreaParts":
        """The areas of suppliers 0, 1, ..., in one index."""
        array = np.empty(len(lists), dtype=object)
        array[:] = lists
        return cls(array, _indexed(array, np.arange(len(lists), dtype=np.int32)))

    def reached(self, place: Place, among: np.ndarray) -> np.ndarray:
        """Mask over the supplier rows: those ``among`` these rows with an area that covers the place, border included."""
        # one more, which is nobody: the row -1 of those that are gone
        asked = np.zeros(len(self.lists) + 1, dtype=np.bool_)
        asked[among] = True
        reached = np.zeros(len(self.lists), dtype=np.bool_)
        for part in self.parts:
            reached[part.rows[part.index.covering(place, asked[part.rows[part.index.owners]])]] = True
        return reached

    def covering(self, place: Place) -> tuple[np.ndarray, np.ndarray]:
        """The areas that cover the place, each by its supplier's row and its position among that one's areas."""
        rows, positions = [], []
        for part in self.parts:
            found = part.index.positions_covering(place)
            owners = part.rows[part.owners[found]]
            rows.append(owners[owners >= 0])
            positions.append(part.positions[found][owners >= 0])
        nothing = np.empty(0, dtype=np.int32)
        return np.concatenate([nothing, *rows]), np.concatenate([nothing, *positions])

    def selected(self, rows: np.ndarray, new_row: np.ndarray) -> "AreaParts":
        """The same for the suppliers in ``rows`` only, which move to ``new_row``."""
        moved = []
        for part in self.parts:
            now = np.where(part.rows >= 0, new_row[part.rows], -1).astype(np.int32)
            if (now >= 0).any():
                moved.append(part._replace(rows=now))
        return AreaParts(self.lists[rows], tuple(moved))

    @classmethod
    def concat(cls, several: Sequence["AreaParts"]) -> "AreaParts":
        """Suppliers one after the other, keeping their indexes as long as they are few."""
        lists = np.concatenate([areas.lists for areas in several])
        parts, shift = [], 0
        for areas in several:
            parts += [
                part._replace(rows=np.where(part.rows >= 0, part.rows + shift, -1).astype(np.int32))
                for part in areas.parts
            ]
            shift += len(areas.lists)
        parts = _merged_large(parts)
        if len(parts) > MAX_PARTS:
            largest = max(parts, key=lambda part: len(part.rows))
            others = np.concatenate([part.rows for part in parts if part.index is not largest.index])
            parts = [largest, *_indexed(lists, np.unique(others[others >= 0]))]
        return cls(lists, tuple(parts))


_merging = Lock()
_merged: list[tuple[tuple[AreaIndex, ...], AreaIndex]] = []
"""The last merger: a change of a supplier puts the same large indexes together again, and need not merge them anew."""


def _merged_large(parts: list[AreaPart]) -> list[AreaPart]:
    """The parts with the large ones as one; where suppliers are gone from them, they are gone from that."""
    large = [part for part in parts if len(part.index) >= LARGE]
    if len(large) < 2:
        return parts
    shifts = np.cumsum([0, *(len(part.rows) for part in large)])[:-1].tolist()
    one = AreaPart(
        _merged_index(tuple(part.index for part in large), shifts),
        np.concatenate([part.rows for part in large]),
        np.concatenate([part.owners + np.int32(shift) for part, shift in zip(large, shifts, strict=True)]),
        np.concatenate([part.positions for part in large]),
    )
    return [one, *(part for part in parts if len(part.index) < LARGE)]


def _merged_index(indexes: tuple[AreaIndex, ...], shifts: Sequence[int]) -> AreaIndex:
    with _merging:
        for known, merged in _merged:
            if len(known) == len(indexes) and all(map(operator.is_, known, indexes)):
                return merged
        merged = AreaIndex.merged(indexes, shifts)
        _merged[:] = [(indexes, merged)]
        return merged


def _indexed(lists: np.ndarray, rows: np.ndarray) -> tuple[AreaPart, ...]:
    """One index of the areas of these rows; none where there are no areas."""
    owned = [
        (area, number, position)
        for number, row in enumerate(rows)
        for position, area in enumerate(lists[row])
    ]
    if not owned:
        return ()
    areas, owners, positions = zip(*owned, strict=True)
    return (
        AreaPart(
            AreaIndex.build(areas, owners),
            rows,
            np.array(owners, dtype=np.int32),
            np.array(positions, dtype=np.int32),
        ),
    )
