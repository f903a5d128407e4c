"""Too many suppliers for a map, gathered on a grid."""

import numpy as np

from geo.points import Point
from search.queries import MapCluster

CELLS = 16
"""Cells along each side of the grid."""


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
