"""From a parsed text to the offers that it finds and how well they fit.

Which offers: those that have enough of the words (:func:`search.query_text.words_needed`) and all
required ones, and none of the excluded. A word counts as found where the offer has its stem, or,
where a criterion's whole label is typed, holds that criterion. A word that no offer has is looked
for in its nearest spelling, the last one first as the beginning of a longer word; if neither is there
it is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from search.criteria import CriteriaRegister
from search.criterion_labels import criteria_named
from search.embedded.snapshot import Snapshot
from search.embedded.spelling import Speller
from search.held_criteria import HeldCriteria
from search.named_categories import named_categories
from search.query_text import Clause, Term, TextQuery, words_needed
from search.relevance import COORDINATION, NAMED_CATEGORY, Impacts, impacts
from search.taxonomy import CategoryTree
from search.text import stems

MAX_RESPELT = 3
"""Words of one text that are looked for in other spellings, since each costs milliseconds."""


@dataclass(frozen=True, eq=False)
class TextHits:
    """Rows found, ascending, and the relevance of each; ``respelt`` maps words as typed to what was sought instead."""

    rows: np.ndarray
    relevance: np.ndarray
    respelt: Mapping[str, str]


class TextSearch:
    """Answers one query, over one snapshot, on one day. ``speller`` is asked only for words that nobody uses."""

    def __init__(
        self,
        snapshot: Snapshot,
        held: HeldCriteria,
        tree: CategoryTree,
        criteria: CriteriaRegister,
        speller: Callable[[], Speller],
    ) -> None:
        self._snapshot = snapshot
        self._held = held
        self._tree = tree
        self._criteria = criteria
        self._speller = speller
        self._respellings = 0

    def find(self, query: TextQuery) -> TextHits:
        """The offers that the query finds. With exclusions only, every shown offer but those."""
        respelt: dict[str, str] = {}
        by_label = self._criteria_named(query)
        known: list[tuple[Clause, Impacts]] = []
        for clause in query.clauses:
            unfinished = clause is query.clauses[-1]
            found = self._clause_impacts(clause, by_label, respelt, unfinished)
            if found is not None:
                known.append((clause, found))
            elif clause.required:
                return self._nothing(respelt)
        if query.clauses and not known:
            return self._nothing(respelt)
        excluded = [self._term_impacts(term, {})[0] for term in query.excluded]
        if len(known) == 1 and not excluded:
            hits = TextHits(*known[0][1], respelt)
        else:
            hits = self._combined(known, excluded, respelt)
        return replace(hits, relevance=self._with_named(hits, query))

    def _with_named(self, hits: TextHits, query: TextQuery) -> np.ndarray:
        """The relevance, raised for the offers in categories that the text names."""
        codes = self._snapshot.columns.category_codes
        named = np.zeros(len(codes), dtype=np.bool_)
        named[
            [
                codes.number(code)
                for code in named_categories(query, self._tree, hits.respelt)
                if code in codes
            ]
        ] = True
        if not named.any() or not len(hits.rows):
            return hits.relevance
        there = named[self._snapshot.columns.offers.category[hits.rows]]
        return hits.relevance + there * np.float32(NAMED_CATEGORY) * hits.relevance.max()

    def _nothing(self, respelt: dict[str, str]) -> TextHits:
        return TextHits(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32), respelt)

    def _combined(
        self, known: list[tuple[Clause, Impacts]], excluded: list[np.ndarray], respelt: dict[str, str]
    ) -> TextHits:
        size = len(self._snapshot.columns.offers)
        relevance = np.zeros(size, dtype=np.float32)
        having = np.zeros(size, dtype=np.uint8)  # a text has at most half as many words as characters
        allowed = None
        for number, (clause, (rows, values)) in enumerate(known):
            if number:
                relevance[rows] += values
                having[rows] += 1
            else:  # nothing is there yet, and writing is faster than adding
                relevance[rows] = values
                having[rows] = 1
            if clause.required:
                mask = np.zeros(size, dtype=np.bool_)
                mask[rows] = True
                allowed = mask if allowed is None else allowed & mask
        if not known:
            having[self._snapshot.shown_rows] = 1
        for rows in excluded:
            having[rows] = 0
        if allowed is not None:
            having[~allowed] = 0
        words = len(known)
        counts = [int(np.count_nonzero(having >= number)) for number in range(words + 1)]
        rows = np.flatnonzero(having >= max(1, words_needed(counts, words))).astype(np.int32)
        share = (having[rows] / np.float32(max(1, words))) ** np.float32(COORDINATION)
        return TextHits(rows, relevance[rows] * share, respelt)

    def _clause_impacts(
        self,
        clause: Clause,
        by_label: Mapping[str, list[np.ndarray]],
        respelt: dict[str, str],
        unfinished: bool,
    ) -> Impacts | None:
        """The offers that have any alternative; ``None`` where nobody has, in any spelling."""
        found = _best_of([self._term_impacts(term, by_label) for term in clause.alternatives], self._snapshot)
        if len(found[0]):
            return found
        other = [
            impacts
            for term in clause.alternatives
            if term.word and not term.cpv
            for impacts in self._otherwise(term, respelt, unfinished)
        ]
        found = _best_of(other, self._snapshot)
        return found if len(found[0]) else None

    def _otherwise(self, term: Term, respelt: dict[str, str], unfinished: bool) -> list[Impacts]:
        """The offers that have a longer word with this beginning, or the same word spelt right."""
        longer = self._speller().completed(term.word) if unfinished else []
        if longer:
            return [self._snapshot.impacts(stem) for word in longer for stem in stems(word)]
        if self._respellings >= MAX_RESPELT:
            return []
        self._respellings += 1
        spelling = self._speller().corrected(term.word)
        if spelling is None:
            return []
        respelt[term.word] = spelling
        return [self._term_impacts(replace(term, stems=(stem,)), {}) for stem in stems(spelling)]

    def _term_impacts(self, term: Term, by_label: Mapping[str, list[np.ndarray]]) -> Impacts:
        if term.cpv:
            return self._category_impacts(term.cpv)
        if len(term.stems) > 1:
            return self._snapshot.phrase_impacts(term.stems)
        found = self._snapshot.impacts(term.stems[0])
        holders = by_label.get(term.stems[0], [])
        return _best_of([found, *(self._even(rows) for rows in holders)], self._snapshot)

    def _category_impacts(self, cpv: str) -> Impacts:
        """The offers in the categories to which a CPV code leads, and below."""
        codes = self._snapshot.columns.category_codes
        wanted = np.zeros(len(codes) + 1, dtype=np.bool_)
        for code in self._tree.by_cpv(cpv):
            wanted[
                [codes.number(each) for each in (code, *self._tree.descendants(code)) if each in codes]
            ] = True
        rows = self._snapshot.shown_rows
        return self._even(rows[wanted[self._snapshot.columns.offers.category[rows]]])

    def _even(self, rows: np.ndarray) -> Impacts:
        """The offers as if each had a word of frequency 1 in a text of average length."""
        return rows, impacts(
            np.ones(len(rows), dtype=np.float32), np.float32(1.2), self._snapshot.shown_count
        )

    def _criteria_named(self, query: TextQuery) -> dict[str, list[np.ndarray]]:
        """By stem, the rows of the offers that hold a criterion of whose label every stem is typed."""
        return {
            stem: [
                np.flatnonzero(self._held.of(code) & self._snapshot.shown).astype(np.int32) for code in codes
            ]
            for stem, codes in criteria_named(query, self._criteria).items()
        }


def _best_of(several: list[Impacts], snapshot: Snapshot) -> Impacts:
    """The offers in any of the lists, each with its highest impact."""
    several = [one for one in several if len(one[0])]
    if len(several) == 1:
        return several[0]
    best = np.zeros(len(snapshot.columns.offers), dtype=np.float32)
    for rows, values in several:
        best[rows] = np.maximum(best[rows], values)
    rows = np.flatnonzero(best).astype(np.int32)
    return rows, best[rows]
