"""From a parsed text to a condition in SQL, by the same rules as every engine (:mod:`search.query_text`).

Which offers: those that have enough of the words and all required ones, and none of the excluded. A word
counts as found where the offer has its stem, or, where a criterion's whole label is typed, holds that
criterion. A word that no offer has is looked for in its nearest spelling, the last one first as the
beginning of a longer word; if neither is there it is left out.

How well they fit is ``ts_rank`` of each word, times how rare it is: the order of free browsing is each engine's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from search.criterion_labels import criteria_named
from search.postgres.conditions import Asking, Parameters, all_of, any_of
from search.postgres.lexemes import RANKED, lexeme, term_query
from search.postgres.schema import STEM
from search.postgres.view import View
from search.postgres.words import Words
from search.query_text import ENOUGH, Clause, Term, TextQuery, words_needed
from search.relevance import idf
from search.text import stems

MAX_RESPELT = 3
"""Words of one text that are looked for in other spellings."""
EVEN = 0.4
"""The rank of an offer that has a word by its criterion or its category, where ``ts_rank`` of a description has 0.35."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One clause: ``queries`` as ``tsquery`` texts, other ``conditions``, and how many offers have it, about."""

    queries: tuple[str, ...]
    conditions: tuple[str, ...]
    offers: int
    required: bool

    def condition(self, put: Parameters) -> str:
        """That an offer has the clause."""
        if not self.queries:
            return any_of(self.conditions)
        query = " | ".join(f"({each})" for each in self.queries)
        return any_of((f"o.stems @@ {put.add(query)}::tsquery", *self.conditions))

    def rank(self, put: Parameters) -> str:
        """How well an offer has it, the best of its alternatives."""
        ranks = [
            f"ts_rank({put.add(RANKED)}::real[], o.stems, {put.add(each)}::tsquery)" for each in self.queries
        ]
        ranks += [f"(CASE WHEN {each} THEN {EVEN} ELSE 0 END)" for each in self.conditions]
        return f"greatest({', '.join(ranks)})"


@dataclass(frozen=True, slots=True)
class TextCondition:
    """What a text finds, in SQL: ``where``, and for each offer its ``relevance`` and how many ``words`` it has.

    ``of`` is how many words there are; ``respelt`` maps words as typed to what was sought instead.
    ``where`` is ``None`` where nothing is found. ``enough`` is false as long as nobody has looked whether enough
    offers have all the words: whoever finds fewer than :data:`search.query_text.ENOUGH` asks
    :meth:`TextSearch.of_fewer` for what to seek instead.
    """

    where: str | None
    relevance: str = "0"
    words: str = "0"
    of: int = 0
    respelt: Mapping[str, str] = field(default_factory=dict)
    enough: bool = True


class TextSearch:
    """Answers one query within one view."""

    def __init__(self, view: View, asking: Asking, put: Parameters) -> None:
        self._view = view
        self._asking = asking
        self._put = put
        self._respelt: dict[str, str] = {}
        self._respellings = 0
        self._speller: Words | None = None
        self._tallies: dict[str, int] = {}
        self._by_label: Mapping[str, Sequence[str]] = {}
        self._all: tuple[list[str], list[str], TextCondition] = ([], [], TextCondition(None))

    def condition(self, query: TextQuery) -> TextCondition:
        """The condition of a query that is not empty. With exclusions only, every shown offer but those."""
        self._by_label = criteria_named(query, self._view.criteria)
        self._count(query.sought_stems.union(*(term.stems for term in query.excluded)))
        known: list[Sought] = []
        for clause in query.clauses:
            sought = self._clause(clause, unfinished=clause is query.clauses[-1])
            if sought is not None:
                known.append(sought)
            elif clause.required:
                return TextCondition(None, respelt=self._respelt)
        if query.clauses and not known:
            return TextCondition(None, respelt=self._respelt)
        always = ["o.shown", *self._excluded(query.excluded)]
        always += [each.condition(self._put) for each in known if each.required]
        if not known:
            return TextCondition(all_of(always), respelt=self._respelt)
        return self._of_known(known, always)

    def of_fewer(self) -> TextCondition | None:
        """What finds the offers that have as many of the words as enough offers have; ``None`` if that is all."""
        conditions, always, text = self._all
        counted = " + ".join(f"({each})::integer" for each in conditions)
        needed = self._needed(conditions, counted, always)
        if needed == len(conditions):
            return None
        where = all_of((*always, any_of(conditions), f"({counted}) >= {needed}"))
        return replace(text, where=where, words=counted, enough=True)

    def _of_known(self, known: list[Sought], always: list[str]) -> TextCondition:
        """What finds the offers that have all the words: most texts have enough of them."""
        conditions = [each.condition(self._put) for each in known]
        offers = self._view.current.offers
        relevance = " + ".join(
            f"{idf(min(each.offers, offers), offers):.6f} * {each.rank(self._put)}" for each in known
        )
        text = TextCondition(
            all_of((*always, *conditions)),
            relevance,
            str(len(known)),
            len(known),
            self._respelt,
            enough=len(known) == 1,
        )
        self._all = conditions, always, text
        return text

    def _needed(self, conditions: list[str], words: str, always: list[str]) -> int:
        """How many of the words an offer must have (:func:`search.query_text.words_needed`)."""
        offers = f"FROM {self._view.space}.offer o WHERE"
        every = self._view.connection.exec_driver_sql(
            f"SELECT count(*) FROM (SELECT 1 {offers} {all_of((*always, *conditions))} LIMIT {ENOUGH}) AS found",
            self._put.values,
        ).scalar_one()
        if every >= ENOUGH:
            return len(conditions)
        rows = self._view.connection.exec_driver_sql(
            f"SELECT {words} AS found, count(*) {offers} {all_of((*always, any_of(conditions)))} GROUP BY found",
            self._put.values,
        )
        exactly = np.zeros(len(conditions) + 1, dtype=np.int64)
        for having, count in rows:
            exactly[having] = count
        at_least = np.cumsum(exactly[::-1])[::-1].tolist()
        return max(1, words_needed(at_least, len(conditions)))

    def _excluded(self, terms: Sequence[Term]) -> list[str]:
        conditions = []
        for term in terms:
            sought = self._sought([term], by_label=False)
            conditions.append(f"NOT {sought.condition(self._put)}")
        return conditions

    def _clause(self, clause: Clause, *, unfinished: bool) -> Sought | None:
        """The clause in SQL; ``None`` where no offer has it, in any spelling."""
        sought = self._sought(clause.alternatives, by_label=True)
        if not sought.offers:
            others = [
                other
                for term in clause.alternatives
                if term.word and not term.cpv
                for other in self._otherwise(term, unfinished)
            ]
            self._count({stem for term in others for stem in term.stems})
            sought = self._sought(others, by_label=False)
        return replace(sought, required=clause.required) if sought.offers else None

    def _otherwise(self, term: Term, unfinished: bool) -> list[Term]:
        """Longer words with this beginning, or the same word spelt right."""
        self._speller = self._speller or Words(self._view)
        longer = self._speller.completed(term.word) if unfinished else []
        if longer:
            return [Term((stem,)) for word in longer for stem in stems(word)]
        if self._respellings >= MAX_RESPELT:
            return []
        self._respellings += 1
        spelling = self._speller.corrected(term.word)
        if spelling is None:
            return []
        self._respelt[term.word] = self._speller.written(spelling)
        return [Term((stem,)) for stem in stems(spelling)]

    def _sought(self, terms: Sequence[Term], *, by_label: bool) -> Sought:
        queries, conditions, offers = [], [], 0
        for term in terms:
            if term.cpv:
                own = [
                    f"o.category = ANY({self._put.add(self._asking.below(self._view.tree.by_cpv(term.cpv)))})"
                ]
                conditions += own
                offers += self._counted(own)
                continue
            query = term_query(term)
            if query is None:
                continue
            if len(term.stems) == 1:
                having = self._tallies.get(lexeme(term.stems[0]).strip("'"), 0)
            else:
                having = self._counted([f"o.stems @@ {self._put.add(query)}::tsquery"])
            if having:
                queries.append(query)
                offers += having
            if by_label and len(term.stems) == 1:
                held = [self._asking.holds(code, self._put) for code in self._by_label.get(term.stems[0], ())]
                if held:
                    conditions += held
                    offers += self._counted(held)
        return Sought(tuple(dict.fromkeys(queries)), tuple(conditions), offers, required=False)

    def _counted(self, any_condition: Sequence[str]) -> int:
        """How many shown offers fulfil any of the conditions."""
        return self._view.connection.exec_driver_sql(
            f"SELECT count(*) FROM {self._view.space}.offer o WHERE o.shown AND {any_of(any_condition)}",
            self._put.values,
        ).scalar_one()

    def _count(self, sought: frozenset[str] | set[str]) -> None:
        """Learn how many shown offers have each of these stems."""
        if sought:
            terms = [lexeme(stem).strip("'") for stem in sought]
            rows = self._view.connection.exec_driver_sql(
                f"SELECT term, offers FROM {self._view.space}.tally WHERE kind = %(kind)s AND term = ANY(%(terms)s)",
                {"kind": STEM, "terms": terms},
            )
            self._tallies |= dict(rows.all())
