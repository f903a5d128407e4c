"""Months in one cell of a table or a file: "6-9, 12", "giugno-settembre e dicembre", "gen feb"; empty for all year."""

import re

_NAMES = (
    ("gennaio", "january"), ("febbraio", "february"), ("marzo", "march"), ("aprile", "april"),
    ("maggio", "may"), ("giugno", "june"), ("luglio", "july"), ("agosto", "august"),
    ("settembre", "september"), ("ottobre", "october"), ("novembre", "november"), ("dicembre", "december"),
)  # fmt: skip
#: A month is named by so many first letters of its name, or more.
_LETTERS = 3
_ALL_YEAR = frozenset({"", "tutto l'anno", "tutto l’anno", "tutto anno", "sempre", "all year"})
_BETWEEN = re.compile(r"[,;/+|\s]+(?:(?:e|ed|and)\s+)?")
_MAX_CHARACTERS = 200


class NoMonths(ValueError):
    """A text that names no months."""


def read_months(text: str) -> frozenset[int]:
    """The months, empty for all twelve; a run may pass December ("11-2"). Raises :class:`NoMonths`."""
    text = text.strip().casefold()
    if len(text) > _MAX_CHARACTERS:
        raise NoMonths(text[:_MAX_CHARACTERS])
    if text in _ALL_YEAR:
        return frozenset()
    months: set[int] = set()
    for piece in filter(None, _BETWEEN.split(re.sub(r"\s*[-–]\s*", "-", text))):
        first, run, last = piece.partition("-")
        begin = _month(first)
        end = _month(last) if run else begin
        months |= {(begin - 1 + step) % 12 + 1 for step in range((end - begin) % 12 + 1)}
    if not months:
        raise NoMonths(text)
    return frozenset() if len(months) == 12 else frozenset(months)


def _month(word: str) -> int:
    if word.isascii() and word.isdigit() and len(word) < 3 and 1 <= int(word) <= 12:
        return int(word)
    word = word.removesuffix(".")
    for number, names in enumerate(_NAMES, start=1):
        if len(word) >= _LETTERS and any(name.startswith(word) for name in names):
            return number
    raise NoMonths(word)


def write_months(months: frozenset[int]) -> str:
    """The other way round; what is written can be read back."""
    present = sorted(months)
    runs: list[list[int]] = []
    for month in present:
        if runs and runs[-1][1] == month - 1:
            runs[-1][1] = month
        else:
            runs.append([month, month])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][1] == 12:
        # the winter is one run
        runs[0] = [runs.pop()[0], runs[0][1]]
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
