"""Numbers as people type them, read by one written rule.

Only plain decimals: ASCII digits with at most one decimal mark, followed by at most as many digits as
the thing is counted in (more are taken where they are zeros). Spaces around are taken off.

* A comma alone is the decimal mark: "12,5", "2,675".
* A point alone is the decimal mark too ("12.5"), but before exactly three digits it could as well group
  thousands: "1.234" is refused with the question which of the two is meant.
* Where both appear the last is the decimal mark and the other must group by three: "1.234,50", "1,234.50".
* The same mark more than once groups: "1.234.567".

No sign, no exponent, no other digits, no underscore, no infinity: "1e5", "-0", "１２", "1_000" are refused.
"""

import re
from enum import StrEnum

_PLAIN = re.compile(r"(?P<whole>[0-9]{1,15})(?:(?P<mark>[.,])(?P<part>[0-9]{1,12}))?")
_GROUPED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:(?P<group>[.,])[0-9]{3})(?:(?P=group)[0-9]{3}){0,3})"
    r"(?:(?!(?P=group))[.,](?P<part>[0-9]{1,12}))?"
)
_MAX_CHARACTERS = 32


class Fault(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    TOO_PRECISE = "too_precise"
    AMBIGUOUS = "ambiguous"


class NotPlain(ValueError):
    """A text that is no plain decimal, with the fault and, where it is ambiguous, the two ways to write it."""

    def __init__(self, fault: Fault, meanings: tuple[str, str] | None = None):
        super().__init__(fault.value)
        self.fault, self.meanings = fault, meanings


def read_decimal(text: str, decimals: int) -> int:
    """``text`` as a count of its smallest unit: with ``decimals`` 2, "12,5" is 1250. Raises :class:`NotPlain`."""
    text = text.strip(" \t\u00a0")
    if len(text) > _MAX_CHARACTERS:
        raise NotPlain(Fault.NOT_A_NUMBER)
    if match := _PLAIN.fullmatch(text):
        whole, part = match["whole"], match["part"] or ""
        if match["mark"] == "." and len(part) == 3 and len(whole) <= 3 and not whole.startswith("0"):
            raise NotPlain(Fault.AMBIGUOUS, (whole + part, f"{whole},{part[:decimals]}"))
        return _count(whole, part, decimals)
    if match := _GROUPED.fullmatch(text):
        return _count(match["whole"].replace(match["group"], ""), match["part"] or "", decimals)
    raise NotPlain(Fault.NOT_A_NUMBER)


def write_decimal(count: int, decimals: int, *, mark: str = ",", least: int = 0) -> str:
    """The other way round, as a form shows what it holds; what is written can be read back.

    At least ``least`` digits after the mark, and no zeros beyond them.
    """
    whole, part = divmod(count, 10**decimals)
    digits = f"{part:0{decimals}d}"
    digits = digits[:least] + digits[least:].rstrip("0")
    if mark == "." and len(digits) == 3:
        digits += "0"
    return f"{whole}{mark}{digits}" if digits else str(whole)


def _count(whole: str, part: str, decimals: int) -> int:
    if part[decimals:].strip("0"):
        raise NotPlain(Fault.TOO_PRECISE)
    return int(whole + part[:decimals].ljust(decimals, "0"))
