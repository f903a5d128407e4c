"""Reading the cells of one row, collecting what is wrong instead of stopping at it."""

from collections.abc import Callable
from typing import TypeVar

from marketplace.district.dataset.problems import Problem
from marketplace.district.dataset.reading import Row

T = TypeVar("T")


class Cells:
    """The cells of one row. ``good`` turns false with the first problem; reading goes on to find the others."""

    def __init__(self, file: str, row: Row, problems: list[Problem]):
        self.line = row.line
        self.good = True
        self._file, self._row, self._problems = file, row, problems

    def refuse(self, column: str, reason: str) -> None:
        self.good = False
        self._problems.append(Problem(self._file, self.line, column, reason))

    def raw(self, column: str) -> str:
        """The bare text; empty where the file has no such column."""
        return self._row.cells.get(column, "")

    def needed(self, column: str) -> str:
        text = self.raw(column)
        if not text:
            self.refuse(column, "the cell is empty")
        return text

    def text(self, column: str, most: int, *, needed: bool = False, lines: bool = False) -> str:
        """A text of at most so many characters; only where ``lines`` may it have several."""
        text = (self.needed(column) if needed else self.raw(column)).replace("\r\n", "\n")
        if len(text) > most:
            self.refuse(column, f"the text has {len(text)} characters; at most {most} are kept")
        if not lines and ("\n" in text or "\r" in text):
            self.refuse(column, "the text must stand on one line")
        return text

    def parsed(self, column: str, parse: Callable[[str], T], default: T = None, *, needed: bool = False) -> T:
        """What ``parse`` makes of the cell; ``default`` where it is empty or wrong."""
        text = self.needed(column) if needed else self.raw(column)
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as reason:
            self.refuse(column, str(reason))
            return default
