"""Recognising a category in the words that people type.

Two readings of a text are compared. The *plain* one forgets case, accents and punctuation; the *folded* one also
forgets Italian and English plurals and the little words between nouns, so that "mense scolastiche" and "mensa
scolastica", "olio d'oliva" and "olio di oliva" meet. It folds whole names only and never guesses; finding words
inside longer texts is the search engine's work (see :mod:`search.text`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORDS = re.compile(r"[^\W_]+")
_VOWELS = "aeiou"
# Shorter words (tè, olio's stem) lose their identity when the ending goes.
_SHORTEST_FOLDED_STEM = 3
# Articles, prepositions, and the words with which a public notice begins: "servizio di mensa scolastica".
_LITTLE_WORDS = frozenset(
    "a ad al alla alle ai agli all con d da dal dalla dei degli del della delle dell di e ed i il in l la le lo gli per"
    " affidamento fornitura forniture servizio servizi and for of the service services".split()
)


def plain_name(text: str) -> str:
    """The text in lower case, without accents, punctuation and repeated blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(_WORDS.findall(bare))


def _fold_italian(word: str) -> str:
    """The word without the vowels that mark its gender and number: zucche, zucca -> zucc; arancia, arance -> aranc."""
    stem = word
    if stem[-1] in _VOWELS:
        stem = stem[:-1]
        if stem.endswith("i"):
            stem = stem[:-1]
        if stem.endswith(("ch", "gh")):
            stem = stem[:-1]
    return stem if len(stem) >= _SHORTEST_FOLDED_STEM else word


def _fold_english(word: str) -> str:
    """The word in the singular, as far as its ending tells: berries -> berry, boxes -> box, apples -> apple."""
    stem = word
    if stem.endswith("ies"):
        stem = stem[:-3] + "y"
    elif stem.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        stem = stem[:-2]
    elif stem.endswith("s") and not stem.endswith("ss"):
        stem = stem[:-1]
    return stem if len(stem) >= _SHORTEST_FOLDED_STEM else word


_FOLDS = {"it": _fold_italian, "en": _fold_english}


def folded_name(text: str, language: str) -> str:
    """:func:`plain_name` in the singular and without little words; ``language`` is ``it`` or ``en``."""
    fold = _FOLDS[language]
    return " ".join(fold(word) for word in plain_name(text).split() if word not in _LITTLE_WORDS)


class NameIndex:
    """Which categories a name may mean, the surest reading first.

    A label outranks a synonym, and an exact name outranks a folded one; within one rank, several categories are
    all returned, because only a person can choose between them.
    """

    def __init__(self, names: Iterable[tuple[str, str, str, bool]]):
        """``names`` holds (category code, language, name, whether the name is the category's label)."""
        self._ranks: tuple[dict[tuple[str, str], list[str]], ...] = ({}, {}, {}, {})
        for code, language, name, is_label in names:
            exact = 0 if is_label else 1
            self._add(exact, ("", plain_name(name)), code)
            self._add(exact + 2, (language, folded_name(name, language)), code)

    def _add(self, rank: int, key: tuple[str, str], code: str) -> None:
        codes = self._ranks[rank].setdefault(key, [])
        if key[1] and code not in codes:
            codes.append(code)

    def find(self, text: str) -> tuple[str, ...]:
        """The codes that the text names, in the order of the tree; empty where it names none."""
        exact = (("", plain_name(text)),)
        folded = tuple((language, folded_name(text, language)) for language in _FOLDS)
        for names, keys in zip(self._ranks, (exact, exact, folded, folded), strict=True):
            codes = dict.fromkeys(code for key in keys for code in names.get(key, ()))
            if codes:
                return tuple(codes)
        return ()
