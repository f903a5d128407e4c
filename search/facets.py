"""Counts of all results by category, criterion, kind of organisation and distance, from the columns."""

import numpy as np

from search.columns import Columns
from search.held_criteria import HeldCriteria
from search.queries import DISTANCE_BANDS_KM, Facets
from search.taxonomy import CategoryTree

NOTHING_COUNTED = Facets({}, {}, {}, {})
"""For a search that wants no counts."""


def count_facets(
    columns: Columns, rows: np.ndarray, held: HeldCriteria, tree: CategoryTree, km: np.ndarray | None
) -> Facets:
    """The facets of the offers in ``rows``; ``km`` of each of them, NaN where unknown, ``None`` without a place."""
    return Facets(
        category=_categories(columns, rows, tree),
        criterion=held.counts(rows),
        kind=_kinds(columns, rows),
        distance={} if km is None else _distances(km),
    )


def _categories(columns: Columns, rows: np.ndarray, tree: CategoryTree) -> dict[str, int]:
    """Each category with what lies below it; a code that the tree does not know counts for itself."""
    own = np.bincount(columns.offers.category[rows], minlength=len(columns.category_codes))
    counts: dict[str, int] = {}
    for code, count in zip(columns.category_codes, own.tolist(), strict=True):
        if count:
            for each in (code, *tree.ancestors(code)) if code in tree else (code,):
                counts[each] = counts.get(each, 0) + count
    return counts


def _kinds(columns: Columns, rows: np.ndarray) -> dict[str, int]:
    """An offer counts once for each kind of its organisation."""
    of_supplier = np.bincount(columns.offers.supplier[rows], minlength=len(columns))
    kinds = columns.kinds
    totals = np.bincount(kinds.tag, weights=of_supplier[kinds.holder], minlength=len(kinds.codes))
    return {code: int(total) for code, total in zip(kinds.codes, totals, strict=True) if total}


def _distances(km: np.ndarray) -> dict[float | None, int]:
    """A band holds what is nearer than, or exactly at, its upper edge and beyond the one below."""
    bands = (*DISTANCE_BANDS_KM, None)
    placed = km[~np.isnan(km)]
    totals = np.bincount(np.searchsorted(DISTANCE_BANDS_KM, placed, side="left"), minlength=len(bands))
    return {band: int(total) for band, total in zip(bands, totals, strict=True) if total}
