"""SQLite FTS5 over the same texts, as one would set it up: the yardstick of relevance.

It is given a fair chance: the labels and synonyms of the offer's category and of those above, the
organisation's name and comune, accents folded, any of the words, BM25 with a weight for each field.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping

from search.documents import SupplierDocument
from search.taxonomy import CategoryTree
from search.text import stems, words

WEIGHTS = (3.0, 1.0, 2.0, 1.0, 1.0)
"""Of title, description, category, the categories above, and organisation with comune."""

Words = Callable[[str], list[str]]


class Fts5Texts:
    """An index in memory. ``analysis`` makes words of a text: as they are written, or our stems."""

    def __init__(
        self,
        suppliers: Iterable[SupplierDocument],
        tree: CategoryTree,
        comune_names: Mapping[str, str],
        analysis: Words = words,
    ) -> None:
        self._analysis = analysis
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE offer USING fts5 (title, description, category, above, who,"
            " tokenize='unicode61 remove_diacritics 2')"
        )
        rows = (
            (offer_id, *(" ".join(analysis(text)) for text in texts))
            for offer_id, *texts in _texts(suppliers, tree, comune_names)
        )
        self._database.executemany(
            "INSERT INTO offer (rowid, title, description, category, above, who) VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )

    def find(self, text: str, limit: int) -> list[int]:
        """Ids of the best offers that have any of the words."""
        any_word = " OR ".join(f'"{word}"' for word in dict.fromkeys(self._analysis(text)))
        if not any_word:
            return []
        found = self._database.execute(
            "SELECT rowid FROM offer WHERE offer MATCH ? ORDER BY bm25(offer, ?, ?, ?, ?, ?), rowid LIMIT ?",
            (any_word, *WEIGHTS, limit),
        )
        return [row[0] for row in found]


def _texts(
    suppliers: Iterable[SupplierDocument], tree: CategoryTree, comune_names: Mapping[str, str]
) -> Iterator[tuple[int, str, str, str, str, str]]:
    for supplier in suppliers:
        who = f"{supplier.name} {comune_names.get(supplier.comune or '', '')}"
        for offer in supplier.offers:
            above = " ".join(_names(tree, code) for code in tree.ancestors(offer.category))
            yield offer.id, offer.title, offer.description, _names(tree, offer.category), above, who


def _names(tree: CategoryTree, code: str) -> str:
    node = tree[code]
    return " ".join((node.label_it, *node.synonyms_it, node.label_en, *node.synonyms_en))


def stemmed(suppliers, tree, comune_names) -> Fts5Texts:
    """The same over our stems: what is left of the difference then is not Italian grammar."""
    return Fts5Texts(suppliers, tree, comune_names, stems)
