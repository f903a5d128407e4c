"""Suppliers on a map: each, or, where they are too many, gathered on a grid."""

import numpy as np

from geo.points import Point
from search.columns import Columns
from search.queries import MAX_MAP_FEATURES, MapAnswer, MapCluster

CELLS = 16
"""Cells along each side of the grid."""


def map_of(columns: Columns, rows: np.ndarray) -> MapAnswer:
    """The placed suppliers of the offers in ``rows``, by ascending id, or clusters of them."""
    return map_of_placed(columns, placed_with(columns, rows))


def placed_with(columns: Columns, rows: np.ndarray) -> np.ndarray:
    """Mask of the placed suppliers that have one of the offers in ``rows``."""
    having = np.zeros(len(columns), dtype=np.bool_)
    having[columns.offers.supplier[rows]] = True
    return having & ~np.isnan(columns.lats)


def map_of_placed(columns: Columns, placed: np.ndarray) -> MapAnswer:
    """These suppliers (a mask), all placed, by ascending id, or clusters of them."""
    suppliers = np.flatnonzero(placed)
    return map_of_suppliers(columns.supplier_ids[suppliers], columns.lats[suppliers], columns.lons[suppliers])


def map_of_suppliers(ids: np.ndarray, lats: np.ndarray, lons: np.ndarray) -> MapAnswer:
    """These suppliers, all placed, by ascending id, or clusters of them."""
    if len(ids) > MAX_MAP_FEATURES:
        return MapAnswer((), grid_clusters(lats, lons), len(ids))
    return MapAnswer(tuple(np.sort(ids).tolist()), (), len(ids))


def grid_clusters(lats: np.ndarray, lons: np.ndarray) -> tuple[MapCluster, ...]:
    """One cluster per cell of a grid over the points, at the mean of its points; the largest first."""
    if not len(lats):
        return ()
    cells = _cell(lats) * CELLS + _cell(lons)
    counts = np.bincount(cells, minlength=CELLS * CELLS)
    used = np.flatnonzero(counts)
    mean_lats = np.bincount(cells, weights=lats, minlength=CELLS * CELLS)[used] / counts[used]
    mean_lons = np.bincount(cells, weights=lons, minlength=CELLS * CELLS)[used] / counts[used]
    order = np.argsort(-counts[used], kind="stable")
    return tuple(
        MapCluster(Point(float(mean_lats[each]), float(mean_lons[each])), int(counts[used[each]]))
        for each in order
    )


def _cell(degrees: np.ndarray) -> np.ndarray:
    low, high = degrees.min(), degrees.max()
    if high <= low:
        return np.zeros(len(degrees), dtype=np.int64)
    return np.minimum(((degrees - low) / (high - low) * CELLS).astype(np.int64), CELLS - 1)
