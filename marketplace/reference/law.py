"""Thresholds, rates and rules of law with the dates in which they hold, from ``data/law.csv``.

Law changes: nothing here is a constant of the code, and pages show a row with its source and its date of check, never
as legal advice. Columns: ``key``, ``value``, ``unit``, ``from``, ``to`` (last day, included; empty: no end known),
``label_it``, ``label_en``, ``source``, ``verified`` (day of the last check in a public source; empty: general
knowledge, not yet checked). A row of unit ``rule`` has no value: it says that a rule is in force.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

UNITS = ("EUR", "EUR per month", "percent", "km", "count", "rule")


class LawError(ValueError):
    """The file breaks a rule; the message names the row's key and the rule."""


class NotInForce(LookupError):
    """Nothing known under the key holds on the day."""


@dataclass(frozen=True, slots=True)
class LawRow:
    """One threshold, rate or rule in one span of days, both ends included; None where an end is open."""

    key: str
    value: Decimal | None
    unit: str
    valid_from: date | None
    valid_to: date | None
    label_it: str
    label_en: str
    source: str
    verified: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on the day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def label(self, language: str = "it") -> str:
        """The label in ``it`` or ``en``; Italian for any other language."""
        return self.label_en if language == "en" else self.label_it


class LawTable:
    """All rows, in the order of the file."""

    def __init__(self, rows: Iterable[LawRow]):
        """Raises :class:`LawError` where two rows of one key hold on the same day."""
        self._rows: dict[str, list[LawRow]] = {}
        for row in rows:
            for other in self._rows.setdefault(row.key, []):
                if _overlap(row, other):
                    raise LawError(f"{row.key}: two rows hold on the same day")
            self._rows[row.key].append(row)

    @classmethod
    def load(cls, path: str | Path) -> LawTable:
        """The table in a CSV file. Raises :class:`LawError` for content, :class:`OSError` for the file."""
        with open(path, encoding="utf-8-sig", newline="") as file:
            return cls(_read_row(row) for row in csv.DictReader(file))

    def __iter__(self) -> Iterator[LawRow]:
        return (row for rows in self._rows.values() for row in rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def row_on(self, key: str, day: date) -> LawRow:
        """The row in force on the day. Raises :class:`KeyError` for an unknown key, :class:`NotInForce` otherwise."""
        for row in self._rows[key]:
            if row.holds_on(day):
                return row
        raise NotInForce(f"nothing is known to hold for {key} on {day.isoformat()}")

    def value_on(self, key: str, day: date) -> Decimal:
        """The value in force on the day, in the row's unit. Raises as :meth:`row_on`, and for a rule without value."""
        row = self.row_on(key, day)
        if row.value is None:
            raise NotInForce(f"{key} is a rule without a value")
        return row.value

    def in_force(self, key: str, day: date) -> bool:
        """Whether anything holds under the key on the day. Raises :class:`KeyError` for an unknown key."""
        return any(row.holds_on(day) for row in self._rows[key])

    def rows_on(self, day: date, prefix: str = "") -> tuple[LawRow, ...]:
        """What is in force on the day, of the keys that begin with ``prefix`` ("vat_": the rates of VAT)."""
        return tuple(row for row in self if row.key.startswith(prefix) and row.holds_on(day))


def _overlap(one: LawRow, other: LawRow) -> bool:
    starts_late = one.valid_from and other.valid_to and one.valid_from > other.valid_to
    ends_early = one.valid_to and other.valid_from and one.valid_to < other.valid_from
    return not (starts_late or ends_early)


def _read_row(cells: Mapping[str, str]) -> LawRow:
    key = cells["key"].strip()
    try:
        row = LawRow(
            key=key,
            value=Decimal(cells["value"]) if cells["value"] else None,
            unit=cells["unit"],
            valid_from=_day(cells["from"]),
            valid_to=_day(cells["to"]),
            label_it=cells["label_it"],
            label_en=cells["label_en"],
            source=cells["source"],
            verified=_day(cells["verified"]),
        )
    except (InvalidOperation, ValueError) as problem:
        raise LawError(f"{key}: {problem}") from None
    if row.unit not in UNITS:
        raise LawError(f"{key}: unit {row.unit!r} is not one of {', '.join(UNITS)}")
    if (row.value is None) != (row.unit == "rule"):
        raise LawError(f"{key}: a rule has no value, everything else has one")
    if not (row.label_it and row.label_en and row.source):
        raise LawError(f"{key}: labels and source are required")
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        raise LawError(f"{key}: it ends before it begins")
    return row


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None
