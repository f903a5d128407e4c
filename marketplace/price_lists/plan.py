"""The values of a plan: rows with their outcome and reasons, what vanished, and what only a person can say."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.price_lists.listed import Listed

#: A price that changes more than so many times is pointed out: a comma may have been lost.
STRIKING_FACTOR = 5


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is rejected: a stable code, the field where it is one's, and the values of the sentence."""

    code: str
    field: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: object
    after: object

    @property
    def percent(self) -> float | None:
        """Of a price, by how much it changes; ``None`` where that cannot be said."""
        if self.field != "price" or not self.before or self.after is None:
            return None
        return 100 * (self.after - self.before) / self.before

    @property
    def striking(self) -> bool:
        """Whether a price changes so much that somebody should look at it."""
        if self.field != "price" or not self.before or not self.after:
            return False
        high, low = max(self.before, self.after), min(self.before, self.after)
        return high > STRIKING_FACTOR * low


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """``values`` are those of the line as it will be, only of fields that the file gives (all, for a new one)."""

    number: int
    outcome: Outcome
    title: str
    line: Listed | None = None
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def striking(self) -> bool:
        return any(change.striking for change in self.changes)


@dataclass(frozen=True, slots=True)
class UnknownText:
    """A text of the file that nobody has translated yet, how often it stands there, and what it may mean."""

    text: str
    count: int
    proposal: str | None


@dataclass(frozen=True, slots=True)
class Questions:
    """What only a person can say. ``numbers`` gives by field an example with the two ways to read it."""

    numbers: Mapping[str, tuple[str, str, str]] = dataclasses.field(default_factory=dict)
    units: tuple[UnknownText, ...] = ()
    categories: tuple[UnknownText, ...] = ()
    vats: tuple[UnknownText, ...] = ()
    defaults: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(
            self.numbers
            or self.units
            or self.categories
            or self.vats
            or self.defaults
            or self.missing_columns
        )


@dataclass(frozen=True, slots=True)
class Plan:
    rows: tuple[PlannedRow, ...]
    vanished: tuple[Listed, ...]
    questions: Questions

    def of(self, outcome: Outcome) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def counts(self) -> dict[str, int]:
        counts = {outcome.value: 0 for outcome in Outcome}
        for row in self.rows:
            counts[row.outcome.value] += 1
        return counts | {"vanished": len(self.vanished)}
