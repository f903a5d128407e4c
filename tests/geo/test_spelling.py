from hypothesis import given
from hypothesis import strategies as st

from geo.spelling import LEAST_RATIO, NearestSpellings

NAMES = ["clusone", "lusone", "bergamo", "brembate", "a"]


def test_the_nearest_spelling_comes_first():
    found = NearestSpellings(NAMES).nearest("clusonne", 5)
    assert [NAMES[position] for position, _ in found] == ["clusone", "lusone"]
    assert found[0][1] > found[1][1]


def test_a_name_is_nearest_to_itself():
    spelling = NearestSpellings(NAMES)
    assert all(spelling.nearest(name, 1) == [(position, 1.0)] for position, name in enumerate(NAMES))


def test_nothing_alike_gives_nothing():
    assert NearestSpellings(NAMES).nearest("xyzzy", 5) == []
    assert NearestSpellings(NAMES).nearest("", 5) == []
    assert NearestSpellings([]).nearest("clusone", 5) == []


@given(st.text(alphabet="abelmrsuonc ", max_size=20), st.integers(0, 5))
def test_no_more_than_asked_and_none_too_far(name, limit):
    found = NearestSpellings(NAMES).nearest(name, limit)
    assert len(found) <= limit
    assert all(ratio >= LEAST_RATIO for _, ratio in found)
