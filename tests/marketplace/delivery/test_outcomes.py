"""What becomes of things done on several phones without network, in whatever order they arrive."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.delivery.outcomes import Held, Outcome, decide, move

VALUES = st.none() | st.integers(0, 4)


@pytest.mark.parametrize(
    ("current", "seen", "wanted", "outcome"),
    [
        (None, None, 1200, Outcome.DONE),
        (1200, None, 1200, Outcome.ALREADY),
        (1250, None, 1200, Outcome.CONFLICT),
        (1250, 1250, 1200, Outcome.DONE),
        (1250, -1, 1200, Outcome.CONFLICT),
        (1, 0, 0, Outcome.CONFLICT),
    ],
)
def test_nothing_is_written_over_unseen(current, seen, wanted, outcome):
    assert decide(current, seen, wanted) is outcome


@given(VALUES, st.lists(VALUES, min_size=1, max_size=4, unique=True))
@settings(max_examples=50)
def test_whatever_arrives_first_one_stays_and_all_others_are_told(start, wishes):
    """Phones that all showed the same and wrote different things."""
    for order in permutations(wishes):
        current, told = start, 0
        for wanted in order:
            outcome = decide(current, start, wanted)
            if outcome is Outcome.DONE:
                current = wanted
            told += outcome is Outcome.CONFLICT
        different = set(wishes) - {start}
        assert current in (different or {start})
        assert told >= len(different) - 1


@given(
    st.integers(1, 9),
    st.none() | st.integers(1, 9),
    st.integers(0, 9),
    st.none() | st.integers(1, 9),
    st.integers(1, 9),
)
@settings(max_examples=50)
def test_a_move_keeps_the_sum_and_never_invents_a_weight(has, weighs, other, other_weighs, quantity):
    giver, taker = Held(has, weighs), Held(other, other_weighs if other else None)
    if quantity > has:
        with pytest.raises(ValueError, match="not so much"):
            move(giver, taker, quantity)
        return
    left, got = move(giver, taker, quantity)
    assert left.quantity + got.quantity == has + other
    assert left.weight is None
    if got.weight is not None:
        assert got.weight == (weighs or 0) + (taker.weight or 0)
