"""The parts of a price: the whole, or nothing."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.open_price import PARTS, WHOLE, DoesNotAddUp, price_parts

shares = st.none() | st.integers(-WHOLE, 2 * WHOLE)


def test_nothing_written_is_nothing_said():
    assert price_parts({}) is None
    assert price_parts(dict.fromkeys(PARTS)) is None


@given(st.fixed_dictionaries(dict.fromkeys(PARTS, shares)))
def test_what_is_kept_adds_up_to_the_whole_and_has_every_part(written):
    given_parts = [share for share in written.values() if share is not None]
    if not given_parts:
        assert price_parts(written) is None
    elif sum(given_parts) == WHOLE and min(given_parts) >= 0:
        assert price_parts(written) == {part: written[part] or 0 for part in PARTS}
    else:
        with pytest.raises(DoesNotAddUp) as wrong:
            price_parts(written)
        assert wrong.value.total == sum(given_parts)


@given(st.lists(st.integers(0, WHOLE), min_size=3, max_size=3).map(sorted))
def test_every_division_of_the_whole_is_kept(cuts):
    edges = [0, *cuts, WHOLE]
    parts = dict(zip(PARTS, (after - before for before, after in itertools.pairwise(edges)), strict=True))
    assert price_parts(parts) == parts


@pytest.mark.parametrize("written", [{"margin": 0}, {"margin": 9_999}, {"labour": 10_001, "margin": -1}])
def test_what_is_not_the_whole_is_refused(written):
    with pytest.raises(DoesNotAddUp):
        price_parts(written)
