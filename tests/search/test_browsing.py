import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.browsing import NEARNESS_HALF_LIFE_KM, NEARNESS_SHARE, Found, ordered, score_found
from search.columns import Columns
from tests.search.factories import offer, supplier

# Few values, so that ties meet often.
founds = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 3.0, np.nan])), max_size=40
)


@given(found=founds, with_km=st.booleans(), count=st.integers(0, 45), limit=st.integers(1, 6))
def test_the_first_offers_are_those_of_a_whole_sort(found, with_km, count, limit):
    columns = Columns.build(
        [
            supplier(*(offer(id=100 - 7 * number - each) for each in range(4)), id=number)
            for number in range(1, 11)
        ]
    )
    scores, km = np.array([one for one, _ in found]), np.array([one for _, one in found])
    result = ordered(
        columns,
        Found(np.arange(len(found), dtype=np.int32), scores, km if with_km else None),
        count,
        suppliers=limit,
    )

    def key(position):
        distance = np.inf if np.isnan(km[position]) else km[position]
        return -scores[position], distance if with_km else 0, -columns.offers.ids[position]

    whole = sorted(range(len(found)), key=key)
    assert result.positions.tolist() == whole[:count]
    owners = dict.fromkeys(int(columns.offers.supplier[position]) for position in whole)
    assert result.suppliers.tolist() == list(owners)[:limit]


def test_nearness_halves_over_its_half_life_and_nobody_is_nearer_than_here():
    found = score_found(np.arange(3), None, np.array([0.0, NEARNESS_HALF_LIFE_KM, np.nan]))
    assert found.scores.tolist() == [1.0, 0.5, 0.0]


def test_distance_takes_only_a_share_of_a_texts_relevance():
    found = score_found(np.arange(3), np.array([2.0, 2.0, 2.0]), np.array([0.0, 10_000.0, np.nan]))
    far = 2.0 * (1 - NEARNESS_SHARE)
    assert found.scores.tolist() == pytest.approx([2.0, far, far])


def test_without_text_or_place_all_are_equal():
    assert score_found(np.arange(2), None, None).scores.tolist() == [0.0, 0.0]
