"""Labels of the eForms code lists that criteria and buyers refer to as ``list:code`` (``data/eforms_codelists.csv``)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class EformsCode:
    """One code of one list, with its official labels."""

    list_name: str
    code: str
    label_it: str
    label_en: str

    def label(self, language: str = "it") -> str:
        """The label in ``it`` or ``en``; Italian for any other language."""
        return self.label_en if language == "en" else self.label_it


def load_eforms_codes(path: str | Path) -> dict[str, EformsCode]:
    """The codes by ``list:code``, from a CSV file with the columns ``list``, ``code``, ``it``, ``en``."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {
            f"{row['list']}:{row['code']}": EformsCode(row["list"], row["code"], row["it"], row["en"])
            for row in csv.DictReader(file)
        }
