"""Comuni to offer while somebody types, from the beginnings of their names and of each word in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from geo.comuni import Comune, ComuneRegister
from geo.names import key_of, pattern_of

_AFTER_ALL = "\U0010ffff"


class Suggestions:
    """Sorted beginnings of names, looked up by bisection. Immutable, safe to share between threads."""

    def __init__(self, keys: Sequence[str], comuni: Sequence[Comune], register: ComuneRegister) -> None:
        """`keys` and `comuni` are parallel; a bilingual comune stands in them once per name."""
        self._register = register
        self._keys, self._comuni = tuple(keys), tuple(comuni)
        beginnings = []
        for key, comune in zip(keys, comuni, strict=True):
            words = key.split()
            beginnings += ((" ".join(words[start:]), start, comune) for start in range(len(words)))
        beginnings.sort(key=lambda entry: (entry[0], entry[1], entry[2].istat))
        self._beginnings = [beginning for beginning, _, _ in beginnings]
        self._entries = [(start, comune) for _, start, comune in beginnings]

    def starting_with(self, text: str, prefer_province: str | None = None) -> list[Comune]:
        """Comuni whose name, or a word of it, or postal code begins with the text.

        After an opening bracket or a comma the text is taken for the beginning of the province:
        "Clusone (B". Order: the preferred province, whole names before later words, population.
        """
        text, _, province = text.replace("(", ",").partition(",")
        key = key_of(text)
        if not key:
            return []
        if key.isdigit():
            found = dict.fromkeys(self._with_cap(key), 0)
        else:
            found = self._named(key)
            if pattern := pattern_of(text):
                for name, comune in zip(self._keys, self._comuni, strict=True):
                    if pattern.match(name):
                        found[comune] = 0
        if province := key_of(province):
            found = {comune: start for comune, start in found.items() if _lies_in(comune, province)}
        return sorted(
            found,
            key=lambda comune: (
                comune.sigla != prefer_province,
                found[comune] > 0,
                -comune.population,
                comune.istat,
            ),
        )

    def _named(self, key: str) -> dict[Comune, int]:
        """Comuni to the first word of their name at which the key begins."""
        first = bisect_left(self._beginnings, key)
        last = bisect_left(self._beginnings, key + _AFTER_ALL)
        found: dict[Comune, int] = {}
        for start, comune in self._entries[first:last]:
            found[comune] = min(start, found.get(comune, start))
        return found

    def _with_cap(self, digits: str) -> list[Comune]:
        caps = self._register.caps
        found = caps[bisect_left(caps, digits) : bisect_left(caps, digits + _AFTER_ALL)]
        return [comune for cap in found for comune in self._register.with_cap(cap)]


def _lies_in(comune: Comune, beginning: str) -> bool:
    """Whether the sigla or the name of the comune's province begins so."""
    return any(key_of(name).startswith(beginning) for name in (comune.sigla, comune.province))
