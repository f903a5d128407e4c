"""The categories that a text names: whoever types "frutta" wants fruit before a yogurt with fruit."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from search.query_text import TextQuery
from search.taxonomy import CategoryTree

NOTHING: Mapping[str, str] = MappingProxyType({})
MOST_WORDS = 8
"""Words of a text that are looked at."""
LONGEST_NAME = 4
"""Words, little ones not counted, of the longest name that is looked for."""


def named_categories(
    query: TextQuery, tree: CategoryTree, respelt: Mapping[str, str] = NOTHING
) -> frozenset[str]:
    """The codes of the category whose name stands in the text, with all below; empty where none does.

    Of "mensa scolastica biologica" it is the school canteens, not canteens, because longer names win; of
    "marmellata di fragole" it is jams, because in Italian the first noun says what the thing is. A name that
    may mean several categories gives them all. ``respelt`` maps words as typed to what was sought instead.
    """
    typed = [clause.alternatives[0].word for clause in query.clauses if clause.alternatives[0].word]
    return _named(tuple([respelt.get(word, word) for word in dict.fromkeys(typed)][:MOST_WORDS]), tree)


@lru_cache(maxsize=5_000)
def _named(typed: tuple[str, ...], tree: CategoryTree) -> frozenset[str]:
    for length in range(min(LONGEST_NAME, len(typed)), 0, -1):
        for start in range(len(typed) - length + 1):
            named = tree.resolve(" ".join(typed[start : start + length]))
            if named:
                codes = (named,) if isinstance(named, str) else named
                return frozenset(codes).union(*(tree.descendants(code) for code in codes))
    return frozenset()
