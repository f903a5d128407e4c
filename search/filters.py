"""Which offers pass the filters of a search, as masks over the columns."""

from collections.abc import Iterable

import numpy as np

from geo.points import BBox
from search.columns import Columns
from search.held_criteria import HeldCriteria
from search.queries import MapQuery, SearchQuery
from search.taxonomy import CategoryTree


def passing(
    columns: Columns,
    rows: np.ndarray,
    query: SearchQuery | MapQuery,
    held: HeldCriteria,
    tree: CategoryTree,
    supplier_km: np.ndarray | None = None,
) -> np.ndarray:
    """Those of the offers in ``rows`` that pass every filter of the query, in the same order.

    ``supplier_km`` are the distances of all suppliers, needed where the query has a radius. A supplier
    that is not placed passes no filter of place.
    """
    suppliers = suppliers_passing(columns, query, supplier_km)
    if suppliers is not None:
        rows = rows[suppliers[columns.offers.supplier[rows]]]
    if query.categories:
        wanted = _category_mask(columns, query.categories, tree)
        rows = rows[wanted[columns.offers.category[rows]]]
    for criterion in query.criteria:
        rows = rows[held.of(criterion)[rows]]
    month = getattr(query, "month", None)
    if month is not None:
        rows = rows[(columns.offers.months[rows] & np.uint16(1 << (month - 1))) != 0]
    return rows


def suppliers_passing(
    columns: Columns, query: SearchQuery | MapQuery, supplier_km: np.ndarray | None = None
) -> np.ndarray | None:
    """Mask over the suppliers: those that pass what is asked of them; ``None`` where nothing is."""
    masks = []
    if query.kinds:
        of_kind = np.zeros(len(columns), dtype=np.bool_)
        of_kind[columns.kinds.holders_of_any(query.kinds)] = True
        masks.append(of_kind)
    if query.bbox is not None:
        masks.append(in_box(columns, query.bbox))
    radius_km = getattr(query, "radius_km", None)
    if radius_km is not None and supplier_km is not None:
        masks.append(supplier_km <= radius_km)
    return np.logical_and.reduce(masks) if masks else None


def in_box(columns: Columns, bbox: BBox) -> np.ndarray:
    """Mask of the suppliers in a box, border included."""
    return in_box_of(columns.lats, columns.lons, bbox)


def in_box_of(lats: np.ndarray, lons: np.ndarray, bbox: BBox | None) -> np.ndarray:
    """Mask of the points in a box, border included; all of them without one."""
    if bbox is None:
        return np.ones(len(lats), dtype=np.bool_)
    return (lons >= bbox.west) & (lons <= bbox.east) & (lats >= bbox.south) & (lats <= bbox.north)


def _category_mask(columns: Columns, codes: Iterable[str], tree: CategoryTree) -> np.ndarray:
    """Mask over the categories of the columns: the codes and everything below them."""
    wanted = np.zeros(len(columns.category_codes), dtype=np.bool_)
    for code in codes:
        for each in (code, *tree.descendants(code)) if code in tree else (code,):
            number = columns.category_codes.number(each)
            if number >= 0:
                wanted[number] = True
    return wanted
