"""Completions of what is being typed: categories by their names, then words of the catalogue."""

from search.catalogue_words import MAX_SUGGESTIONS, SHORTEST_PREFIX, CategoryNames, suggestions
from search.embedded.snapshot import Snapshot
from search.embedded.spelling import Speller, offers_by_category
from search.queries import MAX_QUERY_CHARACTERS
from search.taxonomy import CategoryTree
from search.text import stems, words


class Suggester:
    """The completions of one snapshot."""

    def __init__(self, snapshot: Snapshot, tree: CategoryTree, speller: Speller) -> None:
        self._snapshot = snapshot
        self._speller = speller
        self._names = CategoryNames(offers_by_category(snapshot, tree), tree)

    def suggest(self, typed: str, limit: int) -> tuple[str, ...]:
        """At most ``limit`` completions, at least half of them names of categories if there are."""
        limit = min(max(limit, 0), MAX_SUGGESTIONS)
        sought = words(typed[:MAX_QUERY_CHARACTERS])
        if sum(map(len, sought)) < SHORTEST_PREFIX:
            return ()
        completed = self._last_word_completed(typed, sought, limit)
        return suggestions(self._names.beginning(sought), completed, limit)

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
