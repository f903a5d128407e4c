"""The words by which a catalogue is known, whatever keeps it: names of categories, and where words are near enough.

Every engine completes and corrects what is typed by these rules; what words the offers have is the engine's.
"""

import re
from collections.abc import Mapping, Sequence

from search.taxonomy import CategoryTree
from search.text import fold, words

SHORTEST_COMPLETED, SHORTEST_CORRECTED = 4, 4
"""Letters below which a word is not taken as a beginning, or as misspelt."""
LONG_WORD = 8
"""From so many letters on two edits are allowed, below it one."""
MOST_COMPLETIONS = 20
LONGEST_CORRECTED = 30
"""Longer words are nobody's misspelling."""
SHORTEST_PREFIX = 2
"""Characters below which nothing is suggested: everything would fit."""
MAX_SUGGESTIONS = 20

_WRITTEN = re.compile(r"[^\W\d_]+")


def may_be_misspelt(word: str) -> bool:
    """Whether another spelling is worth looking for."""
    return SHORTEST_CORRECTED <= len(word) <= LONGEST_CORRECTED and not word.isdigit()


def edits_allowed(word: str) -> int:
    """By how many letters a word may differ from one that is known."""
    return 2 if len(word) >= LONG_WORD else 1


def with_categories_above(own: Mapping[str, int], tree: CategoryTree) -> dict[str, int]:
    """How many offers are in each category of the tree or below it, from those in each itself."""
    counts: dict[str, int] = {}
    for code, count in own.items():
        if count and code in tree:
            for each in (code, *tree.ancestors(code)):
                counts[each] = counts.get(each, 0) + count
    return counts


def label_words(offers: Mapping[str, int], tree: CategoryTree) -> dict[str, int]:
    """The folded words of the Italian labels and synonyms of these categories, with the offers in and below each."""
    counts: dict[str, int] = {}
    for category, count in offers.items():
        node = tree[category]
        for word in {word for name in (node.label_it, *node.synonyms_it) for word in words(name)}:
            if len(word) > 2:
                counts[word] = max(counts.get(word, 0), count)
    return counts


def respelled(text: str, spellings: Mapping[str, str]) -> str:
    """The text with some of its words (folded) spelt otherwise, everything else as it was typed."""
    return _WRITTEN.sub(lambda found: spellings.get(fold(found[0]), found[0]), text)


class CategoryNames:
    """The Italian labels and synonyms of the categories that have offers, to be completed."""

    def __init__(self, offers: Mapping[str, int], tree: CategoryTree) -> None:
        """``offers`` are the offers in and below each category."""
        self._names = [
            (words(name), name, count, name == tree[code].label_it)
            for code, count in offers.items()
            for name in (tree[code].label_it, *tree[code].synonyms_it)
        ]

    def beginning(self, sought: Sequence[str]) -> list[str]:
        """Names that hold the words typed next to each other, the last one perhaps unfinished.

        Those that begin with them come first, labels before synonyms, each by the number of offers.
        """
        found: dict[str, tuple[bool, bool, int, str]] = {}
        for name_words, name, offers, is_label in self._names:
            starts = range(len(name_words) - len(sought) + 1)
            at = next((start for start in starts if _begins(name_words[start:], sought)), None)
            if at is not None:
                rank = (at > 0, not is_label, -offers, name)
                found[name] = min(rank, found.get(name, rank))
        return sorted(found, key=lambda name: found[name])


def suggestions(names: Sequence[str], completed: Sequence[str], limit: int) -> tuple[str, ...]:
    """At most ``limit`` completions, at least half of them names of categories if there are."""
    named = [name.lower() for name in names[:limit]]
    half = -(-limit // 2)
    return tuple(dict.fromkeys((*named[:half], *completed, *named[half:])))[:limit]


def _begins(name_words: Sequence[str], sought: Sequence[str]) -> bool:
    *whole, last = sought
    return name_words[: len(whole)] == whole and name_words[len(whole)].startswith(last)
