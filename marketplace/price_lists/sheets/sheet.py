"""What every reader gives: rows of text cells with the numbers that people see beside them in their program."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

#: A price list is thousands of rows at most; what is far beyond is another kind of file.
MAX_ROWS = 20_000
#: Columns that hold something. Empty ones at the right are not counted.
MAX_COLUMNS = 200
#: Characters of a cell. The longest text that an offer keeps has 10,000.
MAX_CELL = 20_000
#: Characters of a whole sheet, which bounds the memory that it takes.
MAX_CHARACTERS = 40_000_000
#: Bytes of an uploaded file.
MAX_BYTES = 12 * 1024 * 1024


#: Told now and then how many rows a reader has found, and of how many about (0: it cannot tell), where somebody
#: waits for it.
on_rows: ContextVar[Callable[[int, int], object] | None] = ContextVar("on_rows", default=None)
_TOLD_EVERY = 500


class Unreadable(ValueError):
    """A file that cannot be taken: a stable code, the row where there is one, and the numbers of the sentence."""

    def __init__(self, code: str, **values):
        super().__init__(f"{code} {values}" if values else code)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class Note:
    """Something that whoever imports should know: a code and its numbers, put into words where it is shown."""

    code: str
    values: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts from 1, as the person's own program does (in text: the line where the row begins)."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        return self.cells[column] if 0 <= column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that hold something. ``kind`` is how it was read; ``encoding`` and ``separator`` where they were guessed.

    ``header`` is the place in ``rows`` of the row of names where the format itself says so (GDXP), else ``None``.
    """

    rows: tuple[Row, ...]
    kind: str
    notes: tuple[Note, ...] = ()
    encoding: str = ""
    separator: str = ""
    header: int | None = None

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


class Gathering:
    """Rows as a reader finds them, counted against the limits; the end of every reader.

    ``expected`` is about how many there will be, where the reader can tell before it reads them.
    """

    def __init__(self, expected: int = 0):
        self._expected = expected
        self._rows: list[Row] = []
        self._characters = 0

    def add(self, number: int, cells: list[str]) -> None:
        """Keep a row unless it is empty. Raises :class:`Unreadable` beyond a limit, with its row and count."""
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            return
        if len(cells) > MAX_COLUMNS:
            raise Unreadable("too_many_columns", row=number, count=len(cells), limit=MAX_COLUMNS)
        for place, cell in enumerate(cells):
            if len(cell) > MAX_CELL:
                raise Unreadable(
                    "cell_too_long", row=number, column=place + 1, count=len(cell), limit=MAX_CELL
                )
            self._characters += len(cell)
        if self._characters > MAX_CHARACTERS:
            raise Unreadable("too_much_text", row=number, limit=MAX_CHARACTERS)
        self._rows.append(Row(number, tuple(cell.strip() for cell in cells)))
        if len(self._rows) % _TOLD_EVERY == 0 and (tell := on_rows.get()):
            tell(len(self._rows), self._expected)

    @property
    def full(self) -> bool:
        """Whether one more row than allowed is kept: the reader only counts the rest."""
        return len(self._rows) > MAX_ROWS

    def refuse_if_full(self, count: int) -> None:
        if self.full:
            raise Unreadable("too_many_rows", count=count, limit=MAX_ROWS)

    def sheet(self, kind: str, **how) -> Sheet:
        """Raises :class:`Unreadable` where nothing was found."""
        if not self._rows:
            raise Unreadable("empty")
        return Sheet(tuple(self._rows), kind, **how)


def number_text(value: float | int) -> str:
    """A number of a spreadsheet as text that is read one way only: a decimal comma, no exponent, no noise.

    1.125 becomes "1,125", because with a point it could as well be one thousand one hundred and twenty-five.
    Twelve significant digits: beyond them stands what binary fractions add (0.1 + 0.2).
    """
    text = f"{value:.12g}"
    if "e" in text or "n" in text:
        text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.12f}".rstrip("0")
    return text.replace(".", ",")
