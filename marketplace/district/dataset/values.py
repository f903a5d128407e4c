"""The rules by which one cell is read. Every parser raises ValueError with a sentence that says what to write.

Numbers follow the house's one rule (:mod:`marketplace.plain_decimals`).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from marketplace.catalogue.month_text import NoMonths, read_months
from marketplace.plain_decimals import Fault, NotPlain, read_decimal, write_decimal
from marketplace.rome_time import HourTwice, NoSuchHour, from_rome

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)

_WEEKDAYS = (
    ("lunedì", "lunedi", "monday"),
    ("martedì", "martedi", "tuesday"),
    ("mercoledì", "mercoledi", "wednesday"),
    ("giovedì", "giovedi", "thursday"),
    ("venerdì", "venerdi", "friday"),
    ("sabato", "saturday"),
    ("domenica", "sunday"),
)
_YES = frozenset({"yes", "y", "true", "1", "sì", "si"})
_NO = frozenset({"no", "n", "false", "0"})


def items(text: str) -> list[str]:
    """The parts of a list inside a cell, separated by ``;`` or ``|``."""
    return [part.strip() for part in re.split(r"[;|]", text) if part.strip()]


def key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise ValueError("a key has 1 to 80 letters without accents, digits, '.', '_' or '-', and no blanks")
    return text


def scaled(decimals: int, *, least: int = 0, most: int = 10**15) -> Callable[[str], int]:
    """A parser of decimals to integers of 10^-``decimals``; ``least`` and ``most`` are such integers."""

    def parse(text: str) -> int:
        try:
            number = read_decimal(text, decimals)
        except NotPlain as error:
            raise ValueError(_not_plain(text, error, decimals)) from None
        if not least <= number <= most:
            low, high = (write_decimal(limit, decimals) for limit in (least, most))
            raise ValueError(f"{_shown(text)} is not between {low} and {high}")
        return number

    return parse


def _not_plain(text: str, error: NotPlain, decimals: int) -> str:
    if error.fault is Fault.AMBIGUOUS:
        return f"{_shown(text)} can be read in two ways: write {' or '.join(error.meanings)}"
    if error.fault is Fault.TOO_PRECISE:
        return f"{_shown(text)} may have {f'at most {decimals}' if decimals else 'no'} decimals"
    return f"{_shown(text)} is not a plain number such as 12 or 12,50"


def degrees(limit: int) -> Callable[[str], float]:
    """A parser of signed degrees with a decimal point or comma, within the limit."""

    def parse(text: str) -> float:
        if not re.fullmatch(r"-?[0-9]{1,3}(?:[.,][0-9]{1,15})?", text, re.ASCII):
            raise ValueError(f"{_shown(text)} is not in decimal degrees such as 45.69817")
        number = float(text.replace(",", ".")) + 0.0
        if abs(number) > limit:
            raise ValueError(f"{text} is beyond {limit} degrees")
        return number

    return parse


def yes_or_no(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise ValueError(f"{_shown(text)} is neither yes nor no")
    return word in _YES


def months(text: str) -> frozenset[int]:
    """``1-3;10``, names in Italian or English whole or by their first letters; ``11-2`` passes over the year's end."""
    try:
        # a dataset that says all twelve keeps saying so
        return read_months(text) or frozenset(range(1, 13))
    except NoMonths:
        raise ValueError(f"{_shown(text)} names no month: write numbers from 1 to 12, or names") from None


def weekdays(text: str) -> list[int]:
    """ISO weekdays, 1 is Monday: ``2;5``, ``1-5`` or names, as months."""
    return sorted(set(_ring(text, _WEEKDAYS, "day of the week")))


def day(text: str) -> date:
    """``2026-11-30`` or ``30/11/2026``."""
    found = _DAY.fullmatch(text)
    try:
        if not found:
            raise ValueError
        if found[1]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        return date(int(found[6]), int(found[5]), int(found[4]))
    except ValueError:
        raise ValueError(f"{_shown(text)} is not a date such as 2026-11-30 or 30/11/2026") from None


def moment(of_a_bare_day: time) -> Callable[[str], datetime]:
    """A parser of a date, or a date and an hour ``HH:MM``, in Europe/Rome, to UTC; a bare date takes the given hour.

    An hour that a change of the clock skips or repeats is refused, because nobody would know which is meant.
    """

    def parse(text: str) -> datetime:
        date_text, _, hour_text = text.partition(" ")
        hour = of_a_bare_day
        if hour_text:
            found = _HOUR.fullmatch(hour_text.strip())
            if not found:
                raise ValueError(f"{_shown(hour_text)} is not an hour such as 18:30")
            hour = time(int(found[1]), int(found[2]))
        try:
            return from_rome(datetime.combine(day(date_text), hour))
        except (NoSuchHour, HourTwice):
            reason = "does not exist or comes twice, because the clocks change"
            raise ValueError(f"{_shown(text)} {reason}") from None
        except OverflowError:
            raise ValueError(f"{_shown(text)} is not a date that can be kept") from None

    return parse


def email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError(f"{_shown(text)} is not an e-mail address") from None


def web_address(text: str) -> str:
    """An address of the web with its scheme; anything else, ``javascript:`` above all, is refused."""
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        valid = False
    if not valid:
        raise ValueError(f"{_shown(text)} is not a web address that begins with https:// or http://")
    return text


def one_of(allowed: Mapping[str, object] | tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"{_shown(text)} is not one of {', '.join(allowed)}")
        return text

    return parse


def several_of(allowed: Mapping[str, object] | tuple[str, ...]) -> Callable[[str], list[str]]:
    """A parser of a list of allowed words, each once, in the order of ``allowed``."""
    parse_one = one_of(allowed)

    def parse(text: str) -> list[str]:
        found = {parse_one(item) for item in items(text)}
        return [word for word in allowed if word in found]

    return parse


def _ring(text: str, names: tuple[tuple[str, ...], ...], what: str) -> list[int]:
    numbers = []
    for part in items(text.replace(",", ";")):
        first, dash, last = (end.strip() for end in part.partition("-"))
        start = _of_ring(first, names, what)
        stop = _of_ring(last, names, what) if dash else start
        length = (stop - start) % len(names) + 1
        numbers += [(start - 1 + step) % len(names) + 1 for step in range(length)]
    return numbers


def _of_ring(text: str, names: tuple[tuple[str, ...], ...], what: str) -> int:
    word = text.casefold()
    for number, spellings in enumerate(names, start=1):
        if word == str(number) or word in spellings or word in {name[:3] for name in spellings}:
            return number
    raise ValueError(f"{_shown(text)} is not a {what}: write a number from 1 to {len(names)} or its name")


def _shown(text: str) -> str:
    """The text in quotes, cut where it would fill the screen."""
    return repr(text if len(text) <= 60 else text[:60] + "…")
