"""A place as typed, taken apart: coordinates, postal code, name, province. Pure; looks nothing up.

"24023 Clusone (BG)", "Clusone, Bergamo", "comune di Clusone prov. BG" all become a name of some
words, perhaps a postal code. Which of the last words are a province is for the register to say:
`PlaceQuery.splits` proposes every way to cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from geo.names import MAX_WORDS, key_of, plain

_CAP = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")
_OF = "(?:di |del |dello |della |dell'|dell’|d'|d’|de )"
_COMUNE_OF = re.compile(rf"^\s*comune {_OF}", re.IGNORECASE)
_ITALY = re.compile(r"[\s,(-]+(?:italia|italy)[\s.)]*$", re.IGNORECASE)
_STREET = re.compile(
    r"^\s*(?:via|viale|v\.le|piazza|piazzale|piazzetta|p\.za|p\.zza|p\.le|corso|c\.so|largo|vicolo|strada|contrada|"
    r"localit[aà]|loc\.|frazione|fraz\.|cascina)\s",
    re.IGNORECASE,
)
_PROVINCE_WORDS = frozenset({"provincia", "prov", "pr"})  # "PR" alone is Parma
_LINKS = frozenset({"di", "del", "della"})


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """The parts of a typed place: `text` without the postal code, `cap` or None."""

    text: str
    cap: str | None

    @classmethod
    def parse(cls, text: str) -> PlaceQuery:
        """Take a text apart: the first five-digit number is the postal code; "Italia" and "comune di" are dropped."""
        found = _CAP.search(text)
        cap = found.group() if found and found.group().isascii() else None
        if cap:
            text = f"{text[: found.start()]} {text[found.end() :]}"
        return cls(_COMUNE_OF.sub("", _ITALY.sub("", text)).strip(" ,;-"), cap)

    @property
    def key(self) -> str:
        """The key of the name and all that follows it."""
        return key_of(self.text)

    def splits(self) -> Iterator[tuple[str, str]]:
        """Every way to cut the text into a name and the key of a province after it, the longest province first.

        The name keeps its full stops, which abbreviations need; "prov. di" before a province is dropped.
        """
        words = [word for word in re.split(r"[\s,;()\[\]]+", plain(self.text)) if key_of(word)]
        for cut in range(1, min(len(words), MAX_WORDS)):
            name, province = words[:cut], words[cut:]
            while len(province) > 1 and key_of(province[0]) in _PROVINCE_WORDS:
                province = province[1:]
                if len(province) > 1 and key_of(province[0]) in _LINKS:
                    province = province[1:]
            yield " ".join(name), key_of(" ".join(province))


def without_street(text: str) -> str | None:
    """What follows the street of an address: from the postal code on, else after the first comma that no number follows.

    None where the text does not begin like a street or nothing follows it.
    """
    if not _STREET.match(text):
        return None
    if found := _CAP.search(text):
        return text[found.start() :]
    parts = [part.strip() for part in text.split(",")[1:]]
    parts = [
        part
        for part in parts
        if not re.fullmatch(r"(?:n[.°]?\s*)?[0-9]+\s*(?:[/-]?\s*[a-zA-Z0-9]{1,3})?", part)
    ]
    return ", ".join(parts) or None
