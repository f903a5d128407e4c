"""One cell to one value of ours: Italian numbers read by one written rule, or refused with the reason.

The rule is that of :mod:`marketplace.plain_decimals`. A text that could mean two numbers a thousand times apart is
never decided here: the person says once per column what its points are.
"""

import re

from marketplace.catalogue.month_text import NoMonths, read_months
from marketplace.form_text import one_line, several_lines
from marketplace.money import divide_half_up
from marketplace.plain_decimals import Fault, NotPlain, read_decimal
from marketplace.price_lists.listed import PRICE_DECIMALS, QUANTITY_DECIMALS
from marketplace.price_lists.reading import THOUSANDS
from search.category_names import plain_name

MAX_PRICE, MAX_QUANTITY = 10**13, 10**15
#: Characters of a cell that holds a number, a date or months; what is longer is another kind of text.
MAX_SHORT = 200
MAX_LENGTH = {"key": 80, "title": 160, "description": 10_000}
ON_REQUEST = frozenset(
    {
        "",
        "su richiesta",
        "a richiesta",
        "a preventivo",
        "preventivo",
        "on request",
        "n d",
        "nd",
        "da definire",
    }
)
_MONEY_MARKS = re.compile(r"(?i)€|\beuro\b|\beur\b")
_PER_UNIT = re.compile(
    r"(?i)\s*(?:/|\bal\b|\bal?l['’]|\bper\b|\bil\b|\bla\b)\s*(?P<unit>[^\W\d_][\w.²³]*)\s*$"
)
_TRUE = frozenset({"1", "si", "sì", "s", "x", "true", "vero", "yes", "y", "attivo", "disponibile", "ok", "v"})
_FALSE = frozenset({"0", "no", "n", "false", "falso", "non attivo", "esaurito", "non disponibile"})


class Refused(ValueError):
    """A cell that cannot be taken: a stable code and the values of its sentence."""

    def __init__(self, code: str, **values):
        super().__init__(code)
        self.code, self.values = code, values


class Ambiguous(Refused):
    """A number that may be two; ``values`` has ``many`` and ``few``."""


def price_and_unit(text: str, meaning: str | None) -> tuple[int | None, str]:
    """Ten-thousandths of a euro, ``None`` for "on request", and the unit that stands behind ("3,50 €/kg")."""
    bare, unit = _short(text).strip(), ""
    if plain_name(bare) in ON_REQUEST and not any(c.isdigit() for c in bare):
        return None, ""
    if found := _PER_UNIT.search(bare):
        bare, unit = bare[: found.start()], found["unit"]
    bare = _MONEY_MARKS.sub("", bare).strip()
    try:
        value = number(bare, PRICE_DECIMALS, meaning)
    except Refused as refused:
        if refused.code != Fault.TOO_PRECISE:
            raise
        # a formula's third of a euro: less than a hundredth of a cent is lost
        value = divide_half_up(number(bare, 12, meaning), 10 ** (12 - PRICE_DECIMALS))
    if value > MAX_PRICE:
        raise Refused("too_large", text=text[:40])
    return value, unit


def quantity(text: str, meaning: str | None) -> int | None:
    """Thousandths of a unit; empty or a dash mean none is stated."""
    text = _short(text)
    bare = re.sub(r"(?i)\s*[^\W\d_]+\.?$", "", text.strip()) if text.strip()[:1].isdigit() else text.strip()
    if bare in {"", "-", "–", "/"}:
        return None
    value = number(bare, QUANTITY_DECIMALS, meaning)
    if value > MAX_QUANTITY:
        raise Refused("too_large", text=text[:40])
    return value


def number(text: str, decimals: int, meaning: str | None) -> int:
    """A number by the written rule; ``meaning`` is what this column's points were said to be."""
    if text.startswith(("-", "−")) and text[1:].strip()[:1].isdigit():
        raise Refused("negative", text=text[:40])
    try:
        return read_decimal(text, decimals)
    except NotPlain as fault:
        if fault.fault is Fault.AMBIGUOUS:
            if meaning is None:
                many, few = fault.meanings
                raise Ambiguous("ambiguous", many=many, few=few, text=text) from None
            return read_decimal(text.replace(".", "" if meaning == THOUSANDS else ","), decimals)
        raise Refused(fault.fault.value, text=text[:40]) from None


def whole(text: str, most: int) -> int | None:
    if not text.strip():
        return None
    value = number(re.sub(r"(?i)\s*(?:gg|giorni|giorno|days?)\.?$", "", _short(text).strip()), 0, None)
    if value > most:
        raise Refused("too_large", text=text[:40])
    return value


def line(field: str, text: str) -> str:
    """A text as it is kept. Raises :class:`Refused` where it is longer than its field."""
    kept = several_lines(text) if field == "description" else one_line(text)
    if len(kept) > MAX_LENGTH[field]:
        raise Refused("too_long", count=len(kept), limit=MAX_LENGTH[field])
    return kept


def _short(text: str) -> str:
    """The text, if it can be a short value: patterns are not tried on pages of blanks."""
    if len(text) > MAX_SHORT:
        raise Refused("too_long", count=len(text), limit=MAX_SHORT)
    return text


def truth(text: str) -> bool:
    word = text.strip().casefold()
    if word in _TRUE or not word:
        return True
    if word in _FALSE:
        return False
    raise Refused("not_yes_or_no", text=text[:40])


def months(text: str) -> frozenset[int]:
    """ "gen feb", "giugno-settembre", "6-9, 12": the months; empty is all year."""
    try:
        return read_months(_short(text))
    except NoMonths:
        raise Refused("no_months", text=text[:40]) from None
