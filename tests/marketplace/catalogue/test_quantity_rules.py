"""Quantities that fit together, and those that nobody could order."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.quantity_rules import Clash, quantity_problems

amounts = st.none() | st.integers(1, 10**6)


def clashes(**values):
    return {(problem.field, problem.clash) for problem in quantity_problems(**values)}


def test_nothing_said_fits():
    assert quantity_problems() == ()


def test_sold_out_is_no_clash_with_a_minimum():
    assert clashes(available=0, minimum=5000) == set()


def test_every_clash_is_said_at_once():
    found = clashes(
        minimum=1200, multiple=500, box_size=700, maximum_per_member=400, available=100, capacity=1
    )
    assert found == {
        ("minimum", Clash.MINIMUM_NOT_IN_STEPS),
        ("box_size", Clash.BOX_NOT_IN_STEPS),
        ("maximum_per_member", Clash.MAXIMUM_BELOW_MINIMUM),
        ("available", Clash.LESS_THAN_THE_MINIMUM),
        ("capacity_period", Clash.CAPACITY_WITHOUT_PERIOD),
    }


@given(minimum=amounts, multiple=amounts, box_size=amounts, maximum=amounts, available=amounts)
def test_where_nothing_clashes_somebody_can_order(minimum, multiple, box_size, maximum, available):
    if clashes(
        minimum=minimum, multiple=multiple, box_size=box_size, maximum_per_member=maximum, available=available
    ):
        return
    smallest = minimum or multiple or 1
    assert smallest % (multiple or 1) == 0
    assert maximum is None or smallest <= maximum
    assert available is None or not minimum or smallest <= available
    assert box_size is None or box_size % (multiple or 1) == 0


@given(step=st.integers(1, 10**4), steps=st.integers(1, 50), boxes=st.integers(1, 50))
def test_whole_steps_never_clash(step, steps, boxes):
    values = {
        "multiple": step,
        "minimum": step * steps,
        "box_size": step * boxes,
        "maximum_per_member": step * steps,
    }
    assert quantity_problems(**values) == ()
