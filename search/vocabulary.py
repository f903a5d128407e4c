"""Codes as small integers, and sets of codes held by rows, for columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np


class Vocabulary:
    """Distinct codes in order of their first appearance; a code's number is its position."""

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self._numbers: dict[str, int] = {}
        for code in codes:
            self.add(code)

    def add(self, code: str) -> int:
        """The number of the code, given now if it is new."""
        number = self._numbers.get(code)
        if number is None:
            number = self._numbers[code] = len(self._numbers)
        return number

    def number(self, code: str | None) -> int:
        """The number of the code, -1 for one that does not appear."""
        return self._numbers.get(code, -1)

    def __contains__(self, code: object) -> bool:
        return code in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes by number."""
        return tuple(self._numbers)


def merged(vocabularies: Sequence[Vocabulary]) -> tuple[Vocabulary, list[np.ndarray]]:
    """One vocabulary of all, and for each of them the new number of every old one."""
    whole = Vocabulary()
    maps = [np.array([whole.add(code) for code in one], dtype=np.int32) for one in vocabularies]
    return whole, maps


@dataclass(frozen=True, eq=False)
class Tags:
    """Which rows hold which codes: pairs of ``holder`` (a row) and ``tag`` (a number of ``codes``)."""

    holder: np.ndarray
    tag: np.ndarray
    codes: Vocabulary

    def holders_of_any(self, codes: Iterable[str]) -> np.ndarray:
        """Rows that hold at least one of the codes; a row may appear more than once."""
        wanted = np.zeros(len(self.codes) + 1, dtype=np.bool_)
        wanted[[self.codes.number(code) for code in codes if code in self.codes]] = True
        return self.holder[wanted[self.tag]]

    def of(self, row: int) -> tuple[str, ...]:
        """The codes that the row holds, in alphabetical order."""
        codes = self.codes.codes
        return tuple(sorted(codes[tag] for tag in self.tag[self.holder == row]))

    def renumbered(self, new_row: np.ndarray) -> "Tags":
        """The same for rows that have moved; those whose new row is negative are gone."""
        holder = new_row[self.holder]
        kept = holder >= 0
        return Tags(holder[kept], self.tag[kept], self.codes)

    @classmethod
    def concat(cls, parts: Sequence["Tags"], shifts: Sequence[int]) -> "Tags":
        """All pairs, the rows of each part moved by its shift."""
        codes, maps = merged([part.codes for part in parts])
        return cls(
            np.concatenate(
                [part.holder + np.int32(shift) for part, shift in zip(parts, shifts, strict=True)]
            ),
            np.concatenate([change[part.tag] for part, change in zip(parts, maps, strict=True)]),
            codes,
        )


class TagLists:
    """Collects the pairs of a :class:`Tags`."""

    def __init__(self) -> None:
        self._holders: list[int] = []
        self._tags: list[int] = []
        self._codes = Vocabulary()

    def add(self, row: int, codes: Iterable[str]) -> None:
        """The row holds these codes."""
        for code in codes:
            self._holders.append(row)
            self._tags.append(self._codes.add(code))

    def tags(self) -> Tags:
        return Tags(
            np.array(self._holders, dtype=np.int32), np.array(self._tags, dtype=np.int32), self._codes
        )
