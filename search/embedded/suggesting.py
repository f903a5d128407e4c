"""Completions of what is being typed: categories by their names, then words of the catalogue."""

from search.embedded.snapshot import Snapshot
from search.embedded.spelling import Speller, offers_by_category
from search.queries import MAX_QUERY_CHARACTERS
from search.taxonomy import CategoryTree
from search.text import stems, words

SHORTEST_PREFIX = 2
"""Characters below which nothing is suggested: everything would fit."""
MAX_SUGGESTIONS = 20


class Suggester:
    """The completions of one snapshot."""

    def __init__(self, snapshot: Snapshot, tree: CategoryTree, speller: Speller) -> None:
        self._snapshot = snapshot
        self._speller = speller
        #: (words, name as shown, offers) of each label and synonym of the categories that have offers
        self._names = [
            (words(name), name, offers, name == tree[code].label_it)
            for code, offers in offers_by_category(snapshot, tree).items()
            for name in (tree[code].label_it, *tree[code].synonyms_it)
        ]

    def suggest(self, typed: str, limit: int) -> tuple[str, ...]:
        """At most ``limit`` completions, at least half of them names of categories if there are."""
        limit = min(max(limit, 0), MAX_SUGGESTIONS)
        sought = words(typed[:MAX_QUERY_CHARACTERS])
        if sum(map(len, sought)) < SHORTEST_PREFIX:
            return ()
        names = [name.lower() for name in self._names_beginning(sought)[:limit]]
        completed = self._last_word_completed(typed, sought, limit)
        half = -(-limit // 2)
        shown = dict.fromkeys((*names[:half], *completed, *names[half:]))
        return tuple(shown)[:limit]

    def _names_beginning(self, sought: list[str]) -> list[str]:
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

    def _last_word_completed(self, typed: str, sought: list[str], limit: int) -> list[str]:
        """The words typed with the last one completed, as long as some offer has them all."""
        if typed[-1:].isspace():
            return []
        known = None
        for stem in stems(" ".join(sought[:-1])):
            rows = set(self._snapshot.impacts(stem)[0].tolist())
            known = rows if known is None else known & rows
        before = " ".join(sought[:-1])
        found = []
        for word, _ in self._speller.words_beginning(sought[-1])[: 3 * limit]:
            having = stems(word)
            if not having or (
                known is not None and known.isdisjoint(self._snapshot.impacts(having[0])[0].tolist())
            ):
                continue
            found.append(f"{before} {self._speller.written(word)}".strip())
            if len(found) == limit:
                break
        return found


def _begins(name_words: list[str], sought: list[str]) -> bool:
    *whole, last = sought
    return name_words[: len(whole)] == whole and name_words[len(whole)].startswith(last)
