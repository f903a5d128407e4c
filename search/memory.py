"""A world of documents that is matched as it is, without an index: for few suppliers, or one.

The reverse view ranks one supplier for many demands with it; tests and an engine that reads the
plain database rank whole worlds. Texts are stemmed only when a demand has a text.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import numpy as np

from search.answer import Answer
from search.candidates import candidates, similarity_tables
from search.columns import Columns
from search.counting import suitable_counts
from search.criteria import EVIDENCE_VALUES, CriteriaRegister
from search.demand import Demand
from search.documents import OfferDocument, SupplierDocument
from search.ranking import rank
from search.taxonomy import LANGUAGES, Category, CategoryTree
from search.text import stems
from search.validation import EvidenceValues


class World:
    """Suppliers, each once, with the tree and the criteria by which they are matched. Immutable."""

    def __init__(
        self,
        suppliers: Iterable[SupplierDocument],
        tree: CategoryTree,
        criteria: CriteriaRegister,
        values: EvidenceValues = EVIDENCE_VALUES,
    ) -> None:
        documents = list(suppliers)
        self.columns = Columns.build(documents)
        self._tree, self._criteria, self._values = tree, criteria, values
        self._stem_rows = stem_rows_of([offer for document in documents for offer in document.offers], tree)

    def concerns(self, demand: Demand) -> bool:
        """Whether anybody here is in category: where not, a match has nothing to tell. Much faster than a match."""
        return len(candidates(self.columns, similarity_tables(demand, self.columns, self._tree))) > 0

    def match(
        self,
        demand: Demand,
        now: datetime,
        limit: int | None = None,
        near_miss_limit: int | None = None,
    ) -> Answer:
        """As :func:`search.ranking.rank`, over this world."""
        return rank(
            demand,
            self.columns,
            tree=self._tree,
            criteria=self._criteria,
            now=now,
            stem_rows=self._stem_rows,
            values=self._values,
            limit=limit,
            near_miss_limit=near_miss_limit,
        )

    def suitable_counts(self, demands: Sequence[Demand], now: datetime) -> tuple[int, ...]:
        """As :func:`search.counting.suitable_counts`, over this world."""
        return suitable_counts(
            demands,
            self.columns,
            tree=self._tree,
            criteria=self._criteria,
            now=now,
            values=self._values,
        )


def stem_rows_of(offers: list[OfferDocument], tree: CategoryTree) -> Callable[[str], np.ndarray]:
    """The rows of offers (their positions in the list) that contain a stem, as the ranking asks for them."""
    rows: dict[str, list[int]] = {}

    def find(stem: str) -> np.ndarray:
        if not rows and offers:
            names = {category.code: category_stems(category) for category in tree}
            for row, offer in enumerate(offers):
                for contained in offer_stems(offer) | names.get(offer.category, frozenset()):
                    rows.setdefault(contained, []).append(row)
        return np.array(rows.get(stem, ()), dtype=np.int64)

    return find


def offer_stems(offer: OfferDocument) -> frozenset[str]:
    """The distinct stems of an offer's own texts."""
    return frozenset(stems(offer.title)) | frozenset(stems(offer.description))


def category_stems(category: Category) -> frozenset[str]:
    """The distinct stems of a category's labels and synonyms, in every language."""
    return frozenset(
        stem
        for language in LANGUAGES
        for name in (category.label(language), *category.synonyms(language))
        for stem in stems(name)
    )
