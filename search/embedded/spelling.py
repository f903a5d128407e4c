"""Other words for one that nobody uses: longer ones that begin so, and the nearest spelling.

The words known are those of titles, organisations' names and the labels of categories that have
offers. They are compared one by one, which is several times faster than Whoosh's automata in Python.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from whoosh.support.levenshtein import distance

from search.catalogue_words import (
    MOST_COMPLETIONS,
    SHORTEST_COMPLETED,
    edits_allowed,
    label_words,
    may_be_misspelt,
    with_categories_above,
)
from search.embedded.snapshot import Snapshot
from search.offer_stems import ACCENTED
from search.taxonomy import CategoryTree

REMEMBERED = 5_000
"""Words whose answers are kept until the next commit."""

Answer = TypeVar("Answer")


class Speller:
    """The words of one snapshot."""

    def __init__(self, snapshot: Snapshot, tree: CategoryTree) -> None:
        self._snapshot = snapshot
        self._labels = label_words(offers_by_category(snapshot, tree), tree)
        self._memory: dict[tuple[str, str], object] = {}

    def completed(self, word: str) -> list[str]:
        """Words that begin with ``word`` (folded), the most used first."""
        if len(word) < SHORTEST_COMPLETED:
            return []
        return self._remembered(
            ("longer", word), lambda: [longer for longer, _ in self.words_beginning(word)[:MOST_COMPLETIONS]]
        )

    def words_beginning(self, prefix: str) -> list[tuple[str, int]]:
        """Folded words that begin so, each with the number of offers that use it, the most used first."""
        counts = [(word, count) for word, count in self._words(prefix[0]).items() if word.startswith(prefix)]
        return sorted(counts, key=lambda item: (-item[1], item[0]))

    def corrected(self, word: str) -> str | None:
        """The nearest known word, of equals the one with the same first letter, then the most used."""
        if not may_be_misspelt(word):
            return None
        return self._remembered(("nearest", word), lambda: self._nearest(word))

    def _nearest(self, word: str) -> str | None:
        edits = edits_allowed(word)
        # Few misspell the first letter, and all words would be many; the labels are few.
        ranked = [
            (away, like[0] != word[0], -count, like)
            for like, count in {**self._labels, **self._words(word[0])}.items()
            if abs(len(like) - len(word)) <= edits and (away := distance(word, like, limit=edits)) <= edits
        ]
        return min(ranked)[3] if ranked else None

    def written(self, word: str) -> str:
        """A folded word with its accents, where it is known with them."""
        return self._remembered(("written", word), lambda: self._accented(word))

    def _accented(self, word: str) -> str:
        for known in self._snapshot.words(word[0]):
            folded, _, written = known.partition(ACCENTED)
            if written and folded == word:
                return written
        return word

    def _words(self, letter: str) -> dict[str, int]:
        """Every known word, folded, that begins with a letter."""
        return self._remembered(("letter", letter), lambda: self._beginning_with(letter))

    def _beginning_with(self, letter: str) -> dict[str, int]:
        counts = {word: count for word, count in self._snapshot.words(letter).items() if ACCENTED not in word}
        for word, count in self._labels.items():
            if word[0] == letter:
                counts[word] = counts.get(word, 0) + count
        return counts

    def _remembered(self, key: tuple[str, str], work_out: Callable[[], Answer]) -> Answer:
        try:
            return self._memory[key]
        except KeyError:
            answer = work_out()
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            self._memory[key] = answer
            return answer


def offers_by_category(snapshot: Snapshot, tree: CategoryTree) -> dict[str, int]:
    """How many shown offers are in each category of the tree or below it, those without offers left out."""
    columns = snapshot.columns
    own = np.bincount(
        columns.offers.category[snapshot.shown_rows], minlength=len(columns.category_codes)
    ).tolist()
    return with_categories_above(dict(zip(columns.category_codes, own, strict=True)), tree)
