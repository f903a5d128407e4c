"""The judged queries (``data/relevance``): what people type, and the grades of the demo district's offers."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

KINDS = ("plural", "synonym", "category", "regional", "misspelt", "service", "clerk's phrase")


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A text as somebody types it. ``grades`` maps offers (``organisation/offer`` by their keys) to 1, 2 or 3."""

    key: str
    kind: str
    text: str
    grades: Mapping[str, int]


def read_judged(folder: Path) -> tuple[JudgedQuery, ...]:
    """All judged queries of a folder, in the order of ``queries.csv``."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _rows(folder / "judgements.csv"):
        grades[row["query"]][row["offer"]] = int(row["grade"])
    return tuple(
        JudgedQuery(row["key"], row["kind"], row["text"], grades[row["key"]])
        for row in _rows(folder / "queries.csv")
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
