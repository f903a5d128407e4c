"""Offers as flat rows, as a search without our columns keeps them: stems by field, codes, and the seat."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice

from search.columns import Columns
from search.criteria import CriteriaRegister
from search.documents import SupplierDocument
from search.held_criteria import HeldCriteria
from search.judging import rome_day
from search.taxonomy import Category, CategoryTree
from search.text import stems

BATCH = 500
"""Suppliers whose criteria are judged together."""
TITLE, DESCRIPTION, CATEGORY, CONTEXT = 3.0, 1.0, 2.0, 1.0
"""How much a word counts by its field, as in the engine (:mod:`search.offer_stems`)."""


@dataclass(frozen=True, slots=True)
class FlatOffer:
    """One published offer. The texts are stems joined by blanks; ``criteria`` are those that it holds."""

    offer_id: int
    supplier_id: int
    title: str
    description: str
    category_text: str
    context: str
    category: str
    criteria: tuple[str, ...]
    kinds: tuple[str, ...]
    lat: float
    lon: float


class Flattener:
    """Turns suppliers into flat offers."""

    def __init__(
        self,
        tree: CategoryTree,
        criteria: CriteriaRegister,
        comune_names: Mapping[str, str],
        now: datetime,
    ) -> None:
        self._tree = tree
        self._criteria = criteria
        self._comune_names = comune_names
        self._today = rome_day(now)
        self._category_text = lru_cache(maxsize=None)(self._texts_of_category)

    def offers(self, suppliers: Iterable[SupplierDocument]) -> Iterator[FlatOffer]:
        """The published offers of placed suppliers."""
        remaining = iter(suppliers)
        while batch := list(islice(remaining, BATCH)):
            yield from self._flatten(batch)

    def _flatten(self, batch: Sequence[SupplierDocument]) -> Iterator[FlatOffer]:
        held = HeldCriteria.on(self._today, Columns.build(batch), self._criteria)
        row = -1
        for supplier in batch:
            place = self._comune_names.get(supplier.comune or "", "")
            of_supplier = _joined(f"{supplier.name} {place}")
            for offer in supplier.offers:
                row += 1
                if not offer.published or supplier.seat is None:
                    continue
                own, above = self._category_text(offer.category)
                yield FlatOffer(
                    offer.id,
                    supplier.id,
                    _joined(offer.title),
                    _joined(offer.description),
                    own,
                    f"{above} {of_supplier}",
                    offer.category,
                    tuple(code for code, mask in zip(held.codes, held.by_offer, strict=True) if mask[row]),
                    tuple(sorted(supplier.kinds)),
                    supplier.seat.lat,
                    supplier.seat.lon,
                )

    def _texts_of_category(self, code: str) -> tuple[str, str]:
        if code not in self._tree:
            return "", ""
        above = [name for each in self._tree.ancestors(code) for name in _names(self._tree[each])]
        return _joined(" ".join(_names(self._tree[code]))), _joined(" ".join(above))


def _names(node: Category) -> list[str]:
    return [node.label_it, *node.synonyms_it, node.label_en, *node.synonyms_en]


def _joined(text: str) -> str:
    return " ".join(stems(text))
