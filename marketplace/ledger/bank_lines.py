"""One line of a bank's statement as it is read from a file, and what makes it the same line in another file."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from marketplace.form_text import one_line

#: Lines of one file; a year of a large group is a few thousand.
MAX_LINES = 20_000
#: A milliard of euros, in cents.
MAX_AMOUNT = 10**11


@dataclass(frozen=True, slots=True)
class BankLine:
    """``amount`` in cents, positive where it came in. ``number`` is the row of the file, for those who look it up."""

    number: int
    day: date
    amount: int
    counterparty: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class BankFile:
    """What a file holds; ``unread`` are the rows that say something and could not be read."""

    lines: tuple[BankLine, ...]
    unread: tuple[int, ...] = ()


def fingerprints(lines: Iterable[BankLine]) -> list[str]:
    """One for each line, in order. Two equal payments of a day are two: the second differs by being the second.

    So a file that overlaps another adds nothing twice, as long as each holds whole days, as banks make them.
    """
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        said = f"{line.day}|{line.amount}|{_plain(line.counterparty)}|{_plain(line.text)}"
        seen[said] += 1
        found.append(sha256(f"{said}|{seen[said]}".encode()).hexdigest())
    return found


def _plain(text: str) -> str:
    return one_line(text).casefold()
