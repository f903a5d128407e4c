"""Legal forms of organisations: our own list, mapped to the official Italian one and to ESSGLOBAL.

The official list does not tell the kinds of social co-operative apart, and ESSGLOBAL knows five broad forms only
(L1 informal, L2 co-operative, L3 company, L4 non-profit, L5 social enterprise), so ours is the one that people choose
from. Columns of ``data/legal_forms.csv``: ``code``, ``label_it``, ``label_en``, ``official_code`` (third level of
``data/legal_forms_it.csv``; empty where the form is too broad for one), ``essglobal`` (none for public bodies).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

ESSGLOBAL_FORMS = ("L1", "L2", "L3", "L4", "L5")


@dataclass(frozen=True, slots=True)
class LegalForm:
    """One legal form. ``essglobal`` may hold two: a social co-operative is a co-operative and a social enterprise."""

    code: str
    label_it: str
    label_en: str
    official_code: str | None
    essglobal: tuple[str, ...]

    def label(self, language: str = "it") -> str:
        """The label in ``it`` or ``en``; Italian for any other language."""
        return self.label_en if language == "en" else self.label_it


def load_legal_forms(path: str | Path) -> dict[str, LegalForm]:
    """The legal forms of a CSV file by code, in the order of the file. Raises :class:`ValueError` for a repeated code."""
    forms: dict[str, LegalForm] = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["code"] in forms:
                raise ValueError(f"{row['code']}: the code appears twice")
            forms[row["code"]] = LegalForm(
                code=row["code"],
                label_it=row["label_it"],
                label_en=row["label_en"],
                official_code=row["official_code"] or None,
                essglobal=tuple(form for form in row["essglobal"].split("|") if form),
            )
    return forms
