"""Months in one cell of a table: "6-9, 12" for June to September and December; empty for all year."""

import re

_RUN = re.compile(r"(1[0-2]|[1-9])(?:\s*[-–]\s*(1[0-2]|[1-9]))?")
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+")
_MAX_CHARACTERS = 60


class NoMonths(ValueError):
    """A text that names no months."""


def read_months(text: str) -> frozenset[int]:
    """The months; a run may pass December ("11-2"). Raises :class:`NoMonths`."""
    text = text.strip()
    if not text:
        return frozenset()
    if len(text) > _MAX_CHARACTERS:
        raise NoMonths(text[:_MAX_CHARACTERS])
    months: set[int] = set()
    for piece in _BETWEEN.split(re.sub(r"\s*[-–]\s*", "-", text)):
        run = _RUN.fullmatch(piece)
        if run is None:
            raise NoMonths(text)
        first, last = int(run[1]), int(run[2] or run[1])
        months |= {(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)}
    return frozenset() if len(months) == 12 else frozenset(months)


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
