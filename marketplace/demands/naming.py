"""How the lots of a demand are called where there is no room for all of it."""

from collections.abc import Iterable

from search.demand import Lot
from search.taxonomy import CategoryTree


def lot_names(lots: Iterable[Lot], tree: CategoryTree, cpv_labels, language: str) -> tuple[str, ...]:
    """Each lot by its own text, else its category, else its CPV description (``cpv_labels`` by 8-digit code)."""
    return tuple(_name(lot, tree, cpv_labels, language) for lot in lots)


def _name(lot: Lot, tree: CategoryTree, cpv_labels, language: str) -> str:
    if lot.text:
        return lot.text
    category = tree.get(lot.category)
    if category is not None:
        return category.label(language)
    return cpv_labels.get(lot.cpv or "") or lot.cpv or ""
