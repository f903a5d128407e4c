"""Words of the catalogue, asked of the tallies: completions, and the nearest spelling by trigrams.

PostgreSQL proposes what shares trigrams with a word (``pg_trgm``); which of them is near enough is decided by
counting edits, as in the other engine.
"""

from collections.abc import Iterable

from search.catalogue_words import (
    MAX_SUGGESTIONS,
    MOST_COMPLETIONS,
    SHORTEST_COMPLETED,
    SHORTEST_PREFIX,
    CategoryNames,
    edits_allowed,
    label_words,
    may_be_misspelt,
    suggestions,
)
from search.offer_stems import ACCENTED
from search.postgres.lexemes import lexeme
from search.postgres.view import View
from search.queries import MAX_QUERY_CHARACTERS
from search.text import stems, words

LEAST_SIMILARITY = 0.15
"""Share of common trigrams below which a word is not looked at: a short word with one other letter has 0.2."""
MOST_SIMILAR = 200


class Words:
    """The words of one generation."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._labels = label_words(view.offers_by_category, view.tree)

    def completed(self, word: str) -> list[str]:
        """Words that begin with ``word`` (folded), the most used first."""
        if len(word) < SHORTEST_COMPLETED:
            return []
        return [longer for longer, _ in self._beginning(word, MOST_COMPLETIONS)]

    def corrected(self, word: str) -> str | None:
        """The nearest known word, of equals the one with the same first letter, then the most used."""
        if not may_be_misspelt(word):
            return None
        edits = edits_allowed(word)
        ranked = [
            (away, like[0] != word[0], -count, like)
            for like, count in {**self._labels, **self._alike(word)}.items()
            if abs(len(like) - len(word)) <= edits and (away := _edits(word, like, edits)) <= edits
        ]
        return min(ranked)[3] if ranked else None

    def written(self, word: str) -> str:
        """A folded word with its accents, where it is known with them."""
        known = self._view.connection.exec_driver_sql(
            f"SELECT term FROM {self._view.space}.tally WHERE kind = 'w' AND term LIKE %(word)s"
            " ORDER BY offers DESC, term LIMIT 1",
            {"word": f"{_literal(word)}{ACCENTED}%"},
        ).scalar()
        return known.partition(ACCENTED)[2] if known else word

    def suggest(self, typed: str, limit: int) -> tuple[str, ...]:
        """At most ``limit`` completions: names of categories, then words, each most used first."""
        limit = min(max(limit, 0), MAX_SUGGESTIONS)
        sought = words(typed[:MAX_QUERY_CHARACTERS])
        if sum(map(len, sought)) < SHORTEST_PREFIX or not limit:
            return ()
        names = CategoryNames(self._view.offers_by_category, self._view.tree).beginning(sought)
        return suggestions(names, self._last_word_completed(typed, sought, limit), limit)

    def _last_word_completed(self, typed: str, sought: list[str], limit: int) -> list[str]:
        """The words typed with the last one completed, as long as some offer has them all."""
        if typed[-1:].isspace():
            return []
        before = " ".join(sought[:-1])
        longer = [word for word, _ in self._beginning(sought[-1], 3 * limit) if stems(word)]
        together = {word: [*stems(before), stems(word)[0]] for word in longer}
        having = self._having_all(together.values())
        found = [word for word in longer if tuple(together[word]) in having][:limit]
        return [f"{before} {self.written(word)}".strip() for word in found]

    def _having_all(self, several: Iterable[list[str]]) -> set[tuple[str, ...]]:
        """Those of several lists of stems of which some shown offer has all."""
        lists = [tuple(each) for each in several]
        if not lists:
            return set()
        queries = [" & ".join(map(lexeme, each)) for each in lists]
        rows = self._view.connection.exec_driver_sql(
            "SELECT query.at FROM unnest(%(queries)s::text[]) WITH ORDINALITY AS query (text, at)"
            f" WHERE EXISTS (SELECT 1 FROM {self._view.space}.offer o"
            " WHERE o.shown AND o.stems @@ query.text::tsquery)",
            {"queries": queries},
        )
        return {lists[at - 1] for (at,) in rows}

    def _beginning(self, prefix: str, most: int) -> list[tuple[str, int]]:
        """Folded words that begin so, each with the number of offers that use it, the most used first."""
        counts = {word: count for word, count in self._labels.items() if word.startswith(prefix)}
        rows = self._view.connection.exec_driver_sql(
            f"SELECT term, offers FROM {self._view.space}.tally"
            " WHERE kind = 'w' AND term LIKE %(prefix)s AND strpos(term, %(accented)s) = 0"
            " ORDER BY offers DESC, term LIMIT %(most)s",
            {"prefix": f"{_literal(prefix)}%", "accented": ACCENTED, "most": most + len(counts)},
        )
        for word, offers in rows:
            counts[word] = counts.get(word, 0) + offers
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]

    def _alike(self, word: str) -> dict[str, int]:
        """Written words that share trigrams with this one, with their offers."""
        connection = self._view.connection
        connection.exec_driver_sql(f"SET LOCAL pg_trgm.similarity_threshold = {LEAST_SIMILARITY}")
        rows = connection.exec_driver_sql(
            f"SELECT term, offers FROM {self._view.space}.tally"
            " WHERE kind = 'w' AND term OPERATOR(public.%%) %(word)s AND strpos(term, %(accented)s) = 0"
            " ORDER BY similarity(term, %(word)s) DESC, offers DESC, term LIMIT %(most)s",
            {"word": word, "accented": ACCENTED, "most": MOST_SIMILAR},
        )
        return dict(rows.all())


def _literal(text: str) -> str:
    """The text for LIKE. Folded words are letters or digits, but nobody should have to rely on it."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _edits(one: str, other: str, most: int) -> int:
    """Levenshtein's distance; some number above ``most`` where it is more."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row = row, [at]
        for column, like in enumerate(other, 1):
            row.append(min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != like)))
        if min(row) > most:
            return most + 1
    return row[-1]
