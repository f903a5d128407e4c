"""Other words for one that nobody uses: longer ones that begin so, and the nearest spelling.

The words known are those of titles, organisations' names and the labels of categories that have
offers. They are compared one by one, which is several times faster than Whoosh's automata in Python.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
from whoosh.support.levenshtein import distance

from search.embedded.offer_stems import ACCENTED
from search.embedded.snapshot import Snapshot
from search.taxonomy import CategoryTree
from search.text import fold, words

SHORTEST_COMPLETED, SHORTEST_CORRECTED = 4, 4
"""Letters below which a word is not taken as a beginning, or as misspelt."""
LONG_WORD = 8
"""From so many letters on two edits are allowed, below it one."""
MOST_COMPLETIONS = 20
LONGEST_CORRECTED = 30
"""Longer words are nobody's misspelling."""

REMEMBERED = 5_000
"""Words whose answers are kept until the next commit."""

Answer = TypeVar("Answer")
_WRITTEN = re.compile(r"[^\W\d_]+")


class Speller:
    """The words of one snapshot."""

    def __init__(self, snapshot: Snapshot, tree: CategoryTree) -> None:
        self._snapshot = snapshot
        self._labels = label_words(snapshot, tree)
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
        if not SHORTEST_CORRECTED <= len(word) <= LONGEST_CORRECTED or word.isdigit():
            return None
        return self._remembered(("nearest", word), lambda: self._nearest(word))

    def _nearest(self, word: str) -> str | None:
        edits = 2 if len(word) >= LONG_WORD else 1
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


def label_words(snapshot: Snapshot, tree: CategoryTree) -> dict[str, int]:
    """The folded words of the Italian labels and synonyms of categories, with the offers in and below each."""
    counts: dict[str, int] = {}
    for category, offers in offers_by_category(snapshot, tree).items():
        node = tree[category]
        for word in {word for name in (node.label_it, *node.synonyms_it) for word in words(name)}:
            if len(word) > 2:
                counts[word] = max(counts.get(word, 0), offers)
    return counts


def offers_by_category(snapshot: Snapshot, tree: CategoryTree) -> dict[str, int]:
    """How many shown offers are in each category of the tree or below it, those without offers left out."""
    columns = snapshot.columns
    own = np.bincount(
        columns.offers.category[snapshot.shown_rows], minlength=len(columns.category_codes)
    ).tolist()
    counts: dict[str, int] = {}
    for code, count in zip(columns.category_codes, own, strict=True):
        if count and code in tree:
            for each in (code, *tree.ancestors(code)):
                counts[each] = counts.get(each, 0) + count
    return counts


def respelled(text: str, spellings: Mapping[str, str]) -> str:
    """The text with some of its words (folded) spelt otherwise, everything else as it was typed."""
    return _WRITTEN.sub(lambda found: spellings.get(fold(found[0]), found[0]), text)
