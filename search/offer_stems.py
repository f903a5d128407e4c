"""What of an offer can be found by words, and how much each place of a word counts.

The weights play the part of frequencies in BM25: a stem in the title counts as if it were written
:data:`TITLE` times. They are in the index, so a change of weights needs ``rebuild``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from search.documents import OfferDocument, SupplierDocument
from search.taxonomy import Category, CategoryTree
from search.text import fold, stems, words

TITLE = 3.0
TITLE_HEAD = 1.5
"""What the first word of a title counts more: it says what a thing is, as in "pasta di farro"."""
DESCRIPTION = 1.0
CATEGORY = 2.0
"""The label of the offer's own category; a synonym counts :data:`SYNONYM`, English ones :data:`OTHER_LANGUAGE`."""
SYNONYM = 1.5
OTHER_LANGUAGE = 0.5
ABOVE = 0.6
"""Labels and synonyms of the category above."""
FARTHER = 0.6
"""What those of each further one above count, of the one below it."""
ORGANISATION = 1.0
PLACE = 0.8
"""The name of the comune of the seat."""

GAP = 8
"""Positions left free between texts, so that no phrase spans two of them."""
MAX_DESCRIPTION_STEMS = 4_000
"""Stems of a description that are indexed; a page of text has about 300."""
LENGTH_UNIT = 16
"""Lengths are stored as whole sixteenths."""
ACCENTED = "|"
"""Parts a word without its accents from the word as written, in the vocabulary of words."""
MAX_POSITION = 2**16 - 1
"""The last position that is told apart from those behind it."""

Posting = tuple[str, float, tuple[int, ...]]
"""A stem of an offer: its weight, and its positions in ascending order (empty where a field keeps none)."""


@dataclass(frozen=True, slots=True)
class OfferStems:
    """The values of one document's fields.

    Of the positions in ``own`` those below ``description_at`` are the title's, those from ``category_at`` on
    the names of the category.
    """

    own: list[Posting]
    context: list[Posting]
    surface: frozenset[str]
    length: int
    description_at: int
    category_at: int


class OfferAnalysis:
    """Turns offers into stems, keeping what all offers of a category or an organisation share."""

    def __init__(self, tree: CategoryTree, comune_names: Mapping[str, str]) -> None:
        self._tree = tree
        self._comune_names = comune_names
        self._own_category = lru_cache(maxsize=None)(self._category_texts)
        self._above = lru_cache(maxsize=None)(self._above_weights)

    def __reduce__(self):
        """To another process goes what it is made of; what it keeps is worked out there again."""
        return OfferAnalysis, (self._tree, self._comune_names)

    def supplier_context(self, supplier: SupplierDocument) -> tuple[dict[str, float], frozenset[str]]:
        """The stems and the written words that a supplier lends to each of its offers."""
        weights: dict[str, float] = {}
        _raise(weights, stems(self._comune_names.get(supplier.comune or "", "")), PLACE)
        _raise(weights, stems(supplier.name), ORGANISATION)
        return weights, written_words(supplier.name)

    def offer(self, offer: OfferDocument, shared: tuple[dict[str, float], frozenset[str]]) -> OfferStems:
        """The stems of an offer, with what its supplier lends (:meth:`supplier_context`)."""
        title = stems(offer.title)
        description = stems(offer.description)[:MAX_DESCRIPTION_STEMS]
        weights: dict[str, float] = {}
        positions: dict[str, list[int]] = {}
        description_at = _place(title, 0, TITLE, weights, positions)
        if title:
            weights[title[0]] += TITLE_HEAD
        start = _place(description, description_at, DESCRIPTION, weights, positions)
        category_weights, category_positions = self._own_category(offer.category)
        for stem, weight in category_weights.items():
            weights[stem] = weights.get(stem, 0.0) + weight
            places = positions.setdefault(stem, [])
            places += [position + start for position in category_positions[stem]]
        context = dict(self._above(offer.category))
        for stem, weight in shared[0].items():
            context[stem] = max(weight, context.get(stem, 0.0))
        return OfferStems(
            own=[(stem, weights[stem], _packed(positions[stem])) for stem in weights],
            context=[(stem, weight, ()) for stem, weight in context.items()],
            surface=written_words(offer.title) | shared[1],
            length=int(LENGTH_UNIT * (TITLE * len(title) + DESCRIPTION * len(description))),
            description_at=description_at,
            category_at=start,
        )

    def _category_texts(self, code: str) -> tuple[dict[str, float], dict[str, list[int]]]:
        """Weights and positions of a category's labels and synonyms; a stem counts once, where it counts most."""
        weights: dict[str, float] = {}
        positions: dict[str, list[int]] = {}
        category = self._tree.get(code)
        start = 0
        for text, weight in _names(category) if category else ():
            found = stems(text)
            _raise(weights, found, weight / _dilution(found))
            start = _place(found, start, 0.0, {}, positions)
        return weights, positions

    def _above_weights(self, code: str) -> dict[str, float]:
        weights: dict[str, float] = {}
        for steps, above in enumerate(self._tree.ancestors(code) if code in self._tree else ()):
            for text, weight in _names(self._tree[above]):
                found = stems(text)
                _raise(weights, found, weight * ABOVE / CATEGORY * FARTHER**steps / _dilution(found))
        return weights


def written_words(text: str) -> frozenset[str]:
    """The words of three letters or more, folded; accented ones also as ``folded|written``."""
    found: set[str] = set()
    for written in text.casefold().split():
        for word in words(written):
            if len(word) > 2 and not word.isdigit():
                found.add(word)
                bare = "".join(letter for letter in written if letter.isalpha())
                if fold(bare) == word != bare:
                    found.add(f"{word}{ACCENTED}{bare}")
    return frozenset(found)


def _dilution(found: list[str]) -> float:
    """A word of a name says the less of the category the more words the name has: zucca in fiori di zucca."""
    return max(1, len(found)) ** 0.5


def _names(category: Category) -> Iterable[tuple[str, float]]:
    yield category.label_it, CATEGORY
    yield from ((name, SYNONYM) for name in category.synonyms_it)
    yield from ((name, OTHER_LANGUAGE) for name in (category.label_en, *category.synonyms_en))


def _raise(weights: dict[str, float], found: Iterable[str], weight: float) -> None:
    for stem in found:
        weights[stem] = max(weight, weights.get(stem, 0.0))


def _place(
    found: list[str], start: int, weight: float, weights: dict[str, float], positions: dict[str, list[int]]
) -> int:
    """Adds the stems of one text from ``start`` on; where the next text may start."""
    for position, stem in enumerate(found, start):
        weights[stem] = weights.get(stem, 0.0) + weight
        positions.setdefault(stem, []).append(position)
    return start + len(found) + GAP


def _packed(positions: list[int]) -> tuple[int, ...]:
    """The positions that 16 bits can hold; a stem that has none of them still occurs, at the last."""
    if positions[-1] <= MAX_POSITION:
        return tuple(positions)
    return tuple(position for position in positions if position <= MAX_POSITION) or (MAX_POSITION,)
