"""What the text of a search asks for: words, phrases, alternatives, and what must not be there.

The language is small on purpose: plain words, "phrases" in quotes, ``AND``, ``OR``, ``NOT`` in capitals,
``-word``, and CPV codes; at most :data:`search.queries.MAX_QUERY_CHARACTERS`. Everything else (wildcards, ranges,
parentheses, field names) is read as plain words, so that no text is an error and none is costly.

Which offers a text finds is a rule of sets, the same in every engine (:func:`words_needed`): those
that have all of its words; where they are few, those that have most of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.queries import MAX_QUERY_CHARACTERS
from search.text import stems_of, words

ENOUGH = 10
"""Where fewer offers have all the words of a text, offers that lack some of them are found too."""

_CHUNK = re.compile(r'(?P<minus>-?)["“”«»](?P<phrase>[^"“”«»]*)["“”«»]|(?P<word>\S+)')
_CPV = re.compile(r"(?P<code>[0-9]{8})(?:-[0-9])?")
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: stems that follow each other (one, unless it is a phrase), or a CPV code.

    ``word`` is the folded word as typed, empty for a phrase.
    """

    stems: tuple[str, ...] = ()
    word: str = ""
    cpv: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """Any one of the alternatives counts as one word found; ``required`` ones are never given up."""

    alternatives: tuple[Term, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class TextQuery:
    """The clauses to find and the terms to keep out. Both may be empty."""

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clauses or self.excluded)

    @property
    def sought_stems(self) -> frozenset[str]:
        """Every stem that a result may show, to highlight it."""
        return frozenset(
            stem for clause in self.clauses for term in clause.alternatives for stem in term.stems
        )


def parse_query_text(text: str) -> TextQuery:
    """The text as clauses. Never raises: what is too long is cut, what means nothing is left out."""
    reader = _Reader()
    for found in _CHUNK.finditer(text[:MAX_QUERY_CHARACTERS]):
        if found["phrase"] is not None:
            reader.negated |= bool(found["minus"])
            reader.take_phrase(found["phrase"])
        elif found["word"] in _OPERATORS:
            reader.take_operator(found["word"])
        else:
            word = found["word"].lstrip("(")
            reader.negated |= len(word) > 1 and word[0] == "-"
            reader.take_words(word)
    return reader.query()


def words_needed(having: Sequence[int], words: int) -> int:
    """How many of a text's words an offer must have; ``having[n]`` is how many offers have n words or more.

    All of them, where :data:`ENOUGH` offers do; else as many as leave :data:`ENOUGH` offers, at least one.
    Words that no offer has are not among ``words``.
    """
    needed = words
    while needed > 1 and having[needed] < ENOUGH:
        needed -= 1
    return needed


class _Reader:
    """Collects clauses from left to right, keeping the operator that waits for its right side."""

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.excluded: list[Term] = []
        self.waiting = ""
        self.negated = False

    def take_operator(self, operator: str) -> None:
        if operator == "NOT":
            self.negated = True
        else:
            self.waiting = operator

    def take_phrase(self, phrase: str) -> None:
        stems = tuple(stem for word in words(phrase) for stem in stems_of(word))
        if len(stems) > 1:
            self._take([Term(stems)], required=True)
        else:
            self._take([Term((stem,), _only(words(phrase))) for stem in stems], required=True)

    def take_words(self, chunk: str) -> None:
        cpv = _CPV.fullmatch(chunk.strip("()-.,;:"))
        if cpv:
            self._take([Term(cpv=cpv["code"], word=cpv["code"])])
        else:
            self._take([Term((stem,), word) for word in words(chunk) for stem in stems_of(word)])

    def _take(self, terms: list[Term], required: bool = False) -> None:
        if not terms:
            # A stop word or a sign: "mele e NOT pere" still means what it says.
            return
        if self.negated:
            self.excluded += terms
        else:
            if self.waiting == "OR" and self.clauses:
                last = self.clauses[-1]
                self.clauses[-1] = replace(last, alternatives=(*last.alternatives, terms.pop(0)))
            elif self.waiting == "AND" and self.clauses:
                self.clauses[-1] = replace(self.clauses[-1], required=True)
                required = True
            self.clauses += [Clause((term,), required) for term in terms]
        self.waiting, self.negated = "", False

    def query(self) -> TextQuery:
        """What was read, each clause and each exclusion once."""
        merged: dict[frozenset[tuple], Clause] = {}
        for clause in self.clauses:
            key = frozenset((term.stems, term.cpv) for term in clause.alternatives)
            known = merged.get(key, clause)
            merged[key] = replace(known, required=known.required or clause.required)
        return TextQuery(tuple(merged.values()), tuple(dict.fromkeys(self.excluded)))


def _only(found: list[str]) -> str:
    return found[0] if len(found) == 1 else ""
