"""The realities that promoted the district, as its founding leaflet lists them (``data/promoters.csv``).

Nothing is said of them beyond what their own name says. Columns: ``position``, ``name``, ``says_it``, ``says_en``
(what the name says they are; empty where it says nothing), ``legal_form`` (code of ours, only where the name states it).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Promoter:
    """One promoter, in the leaflet's order and spelling."""

    position: int
    name: str
    says_it: str
    says_en: str
    legal_form: str | None

    def says(self, language: str = "it") -> str:
        """What the name says it is, in ``it`` or ``en``; empty where it says nothing."""
        return self.says_en if language == "en" else self.says_it


def load_promoters(path: str | Path) -> tuple[Promoter, ...]:
    """The promoters of a CSV file, in its order."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return tuple(
            Promoter(
                int(row["position"]), row["name"], row["says_it"], row["says_en"], row["legal_form"] or None
            )
            for row in csv.DictReader(file)
        )
