"""Words that the law keeps for goods which meet it, the criterion that each one asks, and texts without them. Pure.

"Biologico" is certified or not said (D.Lgs. 148/2023, art. 23); "chilometro zero" and "filiera corta" are defined
over declared places of production (L. 61/2022, art. 2). PRACTICE, Values and food, 1 and 3.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

ORGANIC, ZERO_KM, SHORT_CHAIN = "organic", "zero_km", "short_chain"

_KM = r"(?:km|chilometr[oi])"
_ZERO = r"(?:0(?![.,]?\d)|zero)"

#: By the criterion of data/criteria.csv that must stand. "bio" alone or before a hyphen, "biologico" in every
#: form, not "biodiversità" or "biografia"; "km 0" in every spelling, not "10 km" or "km 0,5".
RESERVED: Mapping[str, re.Pattern[str]] = {
    ORGANIC: re.compile(r"\b(?:bio(?:-\w+)?|biologic\w*|organic)\b", re.IGNORECASE),
    ZERO_KM: re.compile(
        rf"\b{_KM}[\s.\-]{{0,3}}{_ZERO}\b|(?<![\d.,])\b{_ZERO}[\s\-]{{0,3}}{_KM}\b", re.IGNORECASE
    ),
    SHORT_CHAIN: re.compile(r"\bfilier[ae][\s\-]{1,3}cort\w+", re.IGNORECASE),
}

#: Every reserved word holds one of these: by them a database finds what is worth reading.
PIECES = ("bio", "organic", "km", "chilometr", "filier")

#: What a refusal is called, by the criterion that is missing.
CODES: Mapping[str, str] = {
    ORGANIC: "organic_without_certificate",
    ZERO_KM: "zero_km_unproven",
    SHORT_CHAIN: "short_chain_unproven",
}


@dataclass(frozen=True, slots=True)
class ReservedWord:
    """A word as it was written, and the criterion that must be proven for it."""

    word: str
    criterion: str


def reserved_words(text: str) -> tuple[ReservedWord, ...]:
    """Those of a text, each spelling once, by criterion and in order."""
    return tuple(dict.fromkeys(_found(text)))


def unproven_word(text: str, proven: Collection[str]) -> ReservedWord | None:
    """The first reserved word whose criterion is not among the ``proven`` ones."""
    return next((found for found in _found(text) if found.criterion not in proven), None)


def without_unproven_words(text: str, proven: Collection[str]) -> str:
    """The text without those words, and without the brackets and spaces that they leave."""
    for criterion, pattern in RESERVED.items():
        if criterion not in proven:
            text = re.sub(rf"(?:\b(?:a|di|da)\s+)?(?:{pattern.pattern})", "", text, flags=pattern.flags)
    text = re.sub(r"[(\[]\s*[)\]]", "", text)
    text = re.sub(r"[ \t]{2,}", " ", text)
    return re.sub(r"(?<!\s)\s+([,.;:])", r"\1", text).strip(" \t\n,;-–")


def _found(text: str) -> Iterator[ReservedWord]:
    for criterion, pattern in RESERVED.items():
        for match in pattern.finditer(text):
            yield ReservedWord(match.group(0), criterion)
