import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.clusters import CELLS, grid_clusters

degrees = st.floats(45.0, 46.0, allow_nan=False)


@given(st.lists(st.tuples(degrees, degrees), min_size=1, max_size=60))
def test_clusters_count_everybody_once_around_their_common_middle(points):
    lats, lons = np.array(points).T
    clusters = grid_clusters(lats, lons)
    assert sum(cluster.count for cluster in clusters) == len(points)
    assert len(clusters) <= CELLS * CELLS
    assert sum(cluster.point.lat * cluster.count for cluster in clusters) == pytest.approx(lats.sum())
    assert sum(cluster.point.lon * cluster.count for cluster in clusters) == pytest.approx(lons.sum())
    assert [cluster.count for cluster in clusters] == sorted((one.count for one in clusters), reverse=True)


def test_nobody_makes_no_cluster():
    assert grid_clusters(np.array([]), np.array([])) == ()
