"""Whether an organisation is already here: by number, by name, by place. Says why, and decides nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from geo.distance import haversine_km
from geo.names import key_of
from geo.points import Point

#: Two names at least so alike (1 is the same) are near-duplicates wherever they are.
SAME_NAME = 0.86
#: Less is needed of neighbours.
NEIGHBOURS_NAME = 0.6
#: How near two seats are the same place, in metres.
SAME_PLACE_M = 200
#: Words that many names share and that tell nobody apart, as keys (:func:`geo.names.key_of`).
_COMMON = frozenset(
    "a agr agricola agricole aps arl ass associazione az azienda circolo comune coop cooperativa cooperative d da dei del della"
    " delle di e ed ente ets fattoria fondazione gas gruppo di acquisto solidale gli i il impresa individuale la le"
    " lo odv onlus p r s sas scarl scs semplice snc soc sociale sociali societa solidarieta spa srl ss".split()
)
_LETTERS_WITH_STOPS = re.compile(r"\b(?:[A-Za-z]\.){2,}")


class Why(StrEnum):
    VAT_NUMBER = "vat_number"
    TAX_CODE = "tax_code"
    NAME = "name"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Known:
    """What of an organisation is compared."""

    id: int | None
    name: str
    vat_number: str | None = None
    tax_code: str | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An organisation that may be the same. ``metres`` between the seats where both are known."""

    id: int
    why: tuple[Why, ...]
    alike: float
    metres: float | None

    @property
    def rank(self) -> tuple:
        return (-len(self.why), -self.alike, self.id)


def near_duplicates(one: Known, others: Iterable[Known]) -> list[Duplicate]:
    """Those of ``others`` that may be the same organisation as ``one``, the most probable first.

    The same number is enough; so is nearly the same name; within 200 m a similar name is.
    A neighbour with quite another name is none: the square of a town holds a dozen organisations.
    """
    matcher = SequenceMatcher(autojunk=False)
    words = name_words(one.name)
    matcher.set_seq2(words)
    found = []
    for other in others:
        if one.id is not None and other.id == one.id:
            continue
        why = []
        if one.vat_number and one.vat_number == other.vat_number:
            why.append(Why.VAT_NUMBER)
        if one.tax_code and one.tax_code == other.tax_code:
            why.append(Why.TAX_CODE)
        metres = _metres(one.point, other.point)
        near = metres is not None and metres <= SAME_PLACE_M
        alike = _alike(matcher, words, other.name, NEIGHBOURS_NAME if near else SAME_NAME)
        if alike >= SAME_NAME or (near and alike >= NEIGHBOURS_NAME):
            why.append(Why.NAME)
        if near and why:
            why.append(Why.PLACE)
        if why:
            found.append(Duplicate(other.id, tuple(why), alike, metres))
    return sorted(found, key=lambda duplicate: duplicate.rank)


def name_words(name: str) -> str:
    """What of a name tells it apart, as one key: "Soc. Coop. Sociale La Ruota" and "La Ruota scs" agree."""
    key = key_of(_LETTERS_WITH_STOPS.sub(lambda found: found[0].replace(".", ""), name))
    return " ".join(sorted(word for word in key.split() if word not in _COMMON)) or key


def _alike(matcher: SequenceMatcher, words: str, name: str, least: float) -> float:
    """How alike two names are, 0 to 1; 0 as soon as it is clear that they are less than ``least``."""
    other = name_words(name)
    if not words or not other:
        return 0.0
    if words == other:
        return 1.0
    matcher.set_seq1(other)
    # both are upper bounds, and much quicker than the ratio itself
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio()


def _metres(one: Point | None, other: Point | None) -> float | None:
    return None if one is None or other is None else haversine_km(one, other) * 1000
