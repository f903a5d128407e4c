"""Nearest spellings among some thousand names, in about a millisecond.

Two passes: the share of letter triples that two names have in common picks a few dozen
candidates in numpy, difflib's ratio ranks those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

CANDIDATES = 60
"""Names that the first pass hands to the second."""
LEAST_RATIO = 0.6
"""Names less alike than this (difflib's ratio, 0 to 1) are no suggestion."""


class NearestSpellings:
    """An index of names by their letter triples. Immutable, safe to share between threads."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names` are keys as `geo.names.key_of` makes them; positions in the answers refer to this order."""
        self._names = tuple(names)
        positions: dict[str, list[int]] = defaultdict(list)
        for position, name in enumerate(self._names):
            for triple in _triples(name):
                positions[triple].append(position)
        self._positions = {triple: np.array(found, dtype=np.intp) for triple, found in positions.items()}
        self._sizes = np.array([len(_triples(name)) for name in self._names], dtype=np.float64)

    def nearest(self, name: str, limit: int) -> list[tuple[int, float]]:
        """Positions of the names most like this one with their ratio, best first; at most `limit`."""
        triples = _triples(name)
        found = [self._positions[triple] for triple in triples if triple in self._positions]
        if not found:
            return []
        common = np.bincount(np.concatenate(found), minlength=len(self._names))
        dice = 2 * common / (self._sizes + len(triples))
        best = np.argsort(-dice, kind="stable")[:CANDIDATES]
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(name)
        ranked = []
        for position in best[dice[best] > 0]:
            matcher.set_seq1(self._names[position])
            ratio = matcher.ratio()
            if ratio >= LEAST_RATIO:
                ranked.append((int(position), ratio))
        return sorted(ranked, key=lambda item: (-item[1], item[0]))[:limit]


def _triples(name: str) -> frozenset[str]:
    """Overlapping triples of letters, the ends padded so that short names have some too."""
    padded = f"  {name} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))
