"""The parts of a price: the whole, or nothing."""

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
    try:
        kept = price_parts(written)
    except DoesNotAddUp as wrong:
        assert wrong.total == sum(share or 0 for share in written.values())
        assert wrong.total != WHOLE or any((share or 0) < 0 for share in written.values())
    else:
        if kept is None:
            assert set(written.values()) == {None}
        else:
            assert sum(kept.values()) == WHOLE
            assert set(kept) == set(PARTS)
            assert all(kept[part] == (written[part] or 0) for part in PARTS)


@given(st.lists(st.integers(0, WHOLE), min_size=3, max_size=3).map(sorted))
def test_every_division_of_the_whole_is_kept(cuts):
    edges = [0, *cuts, WHOLE]
    parts = dict(zip(PARTS, (after - before for before, after in zip(edges, edges[1:], strict=False)), strict=True))
    assert price_parts(parts) == parts


@pytest.mark.parametrize("written", [{"margin": 0}, {"margin": 9_999}, {"labour": 10_001, "margin": -1}])
def test_what_is_not_the_whole_is_refused(written):
    with pytest.raises(DoesNotAddUp):
        price_parts(written)
