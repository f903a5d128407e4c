"""One category of goods or services, and how a row of ``data/categories.csv`` says it.

The columns are ``code``, ``parent``, ``label_it``, ``label_en``, ``synonyms_it``, ``synonyms_en``, ``cpv``, ``icon``,
``kind``; lists inside a cell are separated by ``|``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

KINDS = ("goods", "service")
COLUMNS = ("code", "parent", "label_it", "label_en", "synonyms_it", "synonyms_en", "cpv", "icon", "kind")

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


class TaxonomyError(ValueError):
    """The file of the tree breaks a rule; the message names the row's code and the rule."""


@dataclass(frozen=True, slots=True)
class Category:
    """One node. ``level`` is 1 for a top node; ``cpv`` holds official 8-digit codes; ``icon`` is a Bootstrap icon."""

    code: str
    parent: str | None
    level: int
    label_it: str
    label_en: str
    synonyms_it: tuple[str, ...]
    synonyms_en: tuple[str, ...]
    cpv: tuple[str, ...]
    icon: str
    kind: str

    def label(self, language: str = "it") -> str:
        """The label in ``it`` or ``en``; Italian for any other language."""
        return self.label_en if language == "en" else self.label_it

    def synonyms(self, language: str = "it") -> tuple[str, ...]:
        """The synonyms in ``it`` or ``en``; Italian for any other language."""
        return self.synonyms_en if language == "en" else self.synonyms_it


def read_category(row: Mapping[str, str | None], levels: Mapping[str, int]) -> Category:
    """One row as a category; its level follows from its parent's in ``levels``, which must have been read before.

    Blanks around cells and list items are dropped. Raises :class:`TaxonomyError` where a cell breaks a rule.
    """
    missing = [column for column in COLUMNS if row.get(column) is None]
    if missing:
        raise TaxonomyError(f"{row.get('code')}: no column {', '.join(missing)}")
    cells = {column: (row[column] or "").strip() for column in COLUMNS}
    code = cells["code"]
    if not _CODE.fullmatch(code):
        raise TaxonomyError(f"{code!r}: a code is made of lower-case words joined by dots")
    if cells["kind"] not in KINDS:
        raise TaxonomyError(f"{code}: kind {cells['kind']!r} is not one of {', '.join(KINDS)}")
    for column in ("label_it", "label_en", "icon"):
        if not cells[column]:
            raise TaxonomyError(f"{code}: {column} is empty")
    parent = cells["parent"] or None
    if parent is not None and code.rpartition(".")[0] != parent:
        raise TaxonomyError(f"{code}: the code does not begin with its parent {parent!r}")
    return Category(
        code=code,
        parent=parent,
        level=1 if parent is None else levels.get(parent, 0) + 1,
        label_it=cells["label_it"],
        label_en=cells["label_en"],
        synonyms_it=_items(cells["synonyms_it"]),
        synonyms_en=_items(cells["synonyms_en"]),
        cpv=_items(cells["cpv"]),
        icon=cells["icon"],
        kind=cells["kind"],
    )


def _items(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split("|") if item.strip())
