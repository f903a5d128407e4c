"""The tree of goods and services: similarity between its nodes, and the ways into it by name and by CPV code.

The tree has at most three levels and is read from a CSV file (see :mod:`search.category` for its columns). A
:class:`CategoryTree` never changes once loaded and may be shared by threads.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from search.category import COLUMNS, Category, TaxonomyError, read_category
from search.category_names import NameIndex
from search.cpv import CPV_DIVISION_DIGITS, cpv_prefix

__all__ = ["COLUMNS", "Category", "CategoryTree", "TaxonomyError", "cpv_prefix"]

MAX_LEVELS = 3
LANGUAGES = ("it", "en")

# Category similarity on the tree (MATCHING: "Category similarity on the tree"), no unit.
SAME_OR_BELOW = 1.0
OFFER_ONE_LEVEL_ABOVE = 0.8
OFFER_TWO_LEVELS_ABOVE = 0.6
SIBLINGS = 0.4
UNRELATED = 0.0

_ABOVE = (SAME_OR_BELOW, OFFER_ONE_LEVEL_ABOVE, OFFER_TWO_LEVELS_ABOVE)


class CategoryTree:
    """All categories, in the order of the file, parents before children.

    Unknown codes raise :class:`KeyError` everywhere except in :meth:`get`, :meth:`by_cpv` and :meth:`resolve`.
    """

    def __init__(self, categories: Iterable[Category]):
        """Raises :class:`TaxonomyError` where codes repeat, parents are missing or levels do not add up."""
        self._nodes: dict[str, Category] = {}
        self._children: dict[str | None, list[str]] = {None: []}
        self._by_cpv: dict[str, list[str]] = {}
        for category in categories:
            self._admit(category)

    def _admit(self, category: Category) -> None:
        if category.code in self._nodes:
            raise TaxonomyError(f"{category.code}: the code appears twice")
        if category.parent is not None and category.parent not in self._nodes:
            # A parent must come first, so a cycle cannot be written down.
            raise TaxonomyError(
                f"{category.code}: its parent {category.parent!r} is not above it in the file"
            )
        level = 1 if category.parent is None else self._nodes[category.parent].level + 1
        if category.level != level or level > MAX_LEVELS:
            raise TaxonomyError(
                f"{category.code}: level {category.level}, expected {level}, at most {MAX_LEVELS}"
            )
        self._nodes[category.code] = category
        self._children[category.code] = []
        self._children[category.parent].append(category.code)
        for code in category.cpv:
            prefix = cpv_prefix(code)
            if prefix is None:
                raise TaxonomyError(f"{category.code}: {code!r} is not a CPV code")
            self._by_cpv.setdefault(prefix, []).append(category.code)

    @classmethod
    def load(cls, path: str | Path) -> CategoryTree:
        """The tree in a CSV file. Raises :class:`TaxonomyError` for content, :class:`OSError` for the file."""
        with open(path, encoding="utf-8-sig", newline="") as file:
            return cls.from_rows(csv.DictReader(file))

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str | None]]) -> CategoryTree:
        """The tree from rows with the columns of :data:`COLUMNS`; blanks around cells and list items are dropped."""
        levels: dict[str, int] = {}
        categories = []
        for row in rows:
            category = read_category(row, levels)
            levels[category.code] = category.level
            categories.append(category)
        return cls(categories)

    def __getitem__(self, code: str) -> Category:
        return self._nodes[code]

    def __contains__(self, code: object) -> bool:
        return code in self._nodes

    def __iter__(self) -> Iterator[Category]:
        return iter(self._nodes.values())

    def __len__(self) -> int:
        return len(self._nodes)

    def get(self, code: str | None) -> Category | None:
        """The category, or None where the code is unknown."""
        return self._nodes.get(code) if code is not None else None

    @cached_property
    def version(self) -> str:
        """SHA-256, in hexadecimal, over the content: the order and the spelling of the file's rows do not count."""
        content = [asdict(self._nodes[code]) for code in sorted(self._nodes)]
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    # The tree itself

    def roots(self) -> tuple[Category, ...]:
        """The top nodes."""
        return tuple(self._nodes[code] for code in self._children[None])

    def children(self, code: str) -> tuple[Category, ...]:
        """The nodes right below."""
        return tuple(self._nodes[child] for child in self._children[code])

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above, the nearest first; the node itself is not among them."""
        above = []
        parent = self._nodes[code].parent
        while parent is not None:
            above.append(parent)
            parent = self._nodes[parent].parent
        return tuple(above)

    def descendants(self, code: str) -> tuple[str, ...]:
        """The codes below, at every level, each before its own children; the node itself is not among them."""
        below: list[str] = []
        for child in self._children[code]:
            below.append(child)
            below.extend(self.descendants(child))
        return tuple(below)

    def is_leaf(self, code: str) -> bool:
        """Whether nothing lies below."""
        return not self._children[code]

    def leaves(self, below: str | None = None) -> tuple[Category, ...]:
        """The nodes without children, in the whole tree or below one node (itself, where it is a leaf)."""
        codes = self._nodes if below is None else (below, *self.descendants(below))
        return tuple(self._nodes[code] for code in codes if self.is_leaf(code))

    def path(self, code: str, language: str = "it") -> tuple[str, ...]:
        """The labels from the top node down to this one."""
        return tuple(self._nodes[step].label(language) for step in (*reversed(self.ancestors(code)), code))

    def choices(self, language: str = "it") -> dict[str, list[tuple[str, str]]]:
        """For a select box with groups: the label of each top node, with (code, label) of it and of all below.

        Third-level labels are indented by a dash, since an option group cannot be nested.
        """
        groups = {}
        for root in self.roots():
            nodes = (self._nodes[code] for code in (root.code, *self.descendants(root.code)))
            groups[root.label(language)] = [
                (
                    node.code,
                    ("– " if node.level == MAX_LEVELS else "") + node.label(language),
                )
                for node in nodes
            ]
        return groups

    # Similarity

    def similarity(self, asked: str, offered: str) -> float:
        """How well an offer in ``offered`` answers a need in ``asked``, 0 to 1 (MATCHING, "Category similarity").

        It is not symmetric: goat cheese answers a need of cheese fully, cheese answers one of goat cheese at 0.8.
        """
        wanted, given = self._nodes[asked], self._nodes[offered]
        if asked in (offered, *self.ancestors(offered)):
            return SAME_OR_BELOW
        if offered in self.ancestors(asked):
            return _ABOVE[wanted.level - given.level]
        if wanted.parent is not None and wanted.parent == given.parent:
            return SIBLINGS
        return UNRELATED

    def similarities(self, asked: Iterable[str]) -> dict[str, float]:
        """Every category whose offers answer at least one of the asked ones, with its best similarity (0.4 to 1)."""
        best: dict[str, float] = {}
        for code in asked:
            related = {sibling.code: SIBLINGS for sibling in self._siblings(code)}
            related |= {above: _ABOVE[steps] for steps, above in enumerate(self.ancestors(code), start=1)}
            related |= dict.fromkeys((code, *self.descendants(code)), SAME_OR_BELOW)
            for offered, value in related.items():
                best[offered] = max(value, best.get(offered, UNRELATED))
        return best

    def _siblings(self, code: str) -> tuple[Category, ...]:
        parent = self._nodes[code].parent
        return () if parent is None else self.children(parent)

    # Ways in

    def by_cpv(self, code: str) -> tuple[str, ...]:
        """The categories of the longest mapped prefix of a CPV code; empty where nothing is mapped.

        Several categories may answer to one prefix: a need given by CPV takes the best of them.
        """
        prefix = cpv_prefix(code)
        if prefix is None:
            return ()
        for length in range(len(prefix), CPV_DIVISION_DIGITS - 1, -1):
            if prefix[:length] in self._by_cpv:
                return tuple(self._by_cpv[prefix[:length]])
        return ()

    def cpv_for(self, code: str) -> str | None:
        """The official 8-digit CPV code that says best what a category is: its own first one, or the nearest above."""
        for step in (code, *self.ancestors(code)):
            if self._nodes[step].cpv:
                return self._nodes[step].cpv[0]
        return None

    def resolve(self, text: str) -> str | tuple[str, ...] | None:
        """The category that a text names: by its code, a label, a synonym in either language, or a CPV code.

        Case, accents, punctuation and plurals do not count. Where a text names a category and others below it, the
        one above is meant, since it reaches them all ("mensa": canteens, school canteens among them). A text that
        may still mean several gives the tuple of their codes, in the order of the tree; one that names none, None.
        """
        code = text.strip().casefold()
        if code in self._nodes:
            return code
        found = self.by_cpv(text) if cpv_prefix(text) else self._names.find(text)
        if not found:
            return None
        for code in found:
            if all(other == code or code in self.ancestors(other) for other in found):
                return code
        return found

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(
            (category.code, language, name, place == 0)
            for category in self
            for language in LANGUAGES
            for place, name in enumerate((category.label(language), *category.synonyms(language)))
        )
