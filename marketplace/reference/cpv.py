"""The Common Procurement Vocabulary: the official list of codes with their labels (``data/cpv.csv``).

A code is looked up, never judged by its check digit: the formula fails on one official code in twenty.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.cpv import cpv_prefix

CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class CpvCode:
    """One official code of 8 digits, as text: leading zeros count."""

    code: str
    label_it: str
    label_en: str

    def label(self, language: str = "it") -> str:
        """The label in ``it`` or ``en``; Italian for any other language."""
        return self.label_en if language == "en" else self.label_it


class CpvList:
    """All official codes, in order."""

    def __init__(self, codes: Mapping[str, CpvCode]):
        self._codes = dict(codes)

    @classmethod
    def load(cls, path: str | Path) -> CpvList:
        """The list in a CSV file with the columns ``code``, ``it``, ``en``."""
        with open(path, encoding="utf-8-sig", newline="") as file:
            return cls(
                {row["code"]: CpvCode(row["code"], row["it"], row["en"]) for row in csv.DictReader(file)}
            )

    def __iter__(self) -> Iterator[CpvCode]:
        return iter(self._codes.values())

    def __len__(self) -> int:
        return len(self._codes)

    def find(self, text: str) -> CpvCode | None:
        """The official code that a text names, with or without its check digit or trailing zeros; None if none."""
        prefix = cpv_prefix(text)
        return self._codes.get(prefix.ljust(CODE_DIGITS, "0")) if prefix else None
