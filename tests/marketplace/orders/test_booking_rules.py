"""Minimum, steps, maximum, stock; each refusal with its numbers."""

import pytest

from marketplace.orders.booking_rules import LARGEST, Rule, helps_a_box, refusals, step_of
from marketplace.orders.boxes import fill_boxes
from marketplace.orders.reasons import Reason


@pytest.mark.parametrize(
    ("rule", "quantity", "tolerance", "expected"),
    [
        (Rule(minimum=2000), 1000, 0, [Reason("below_minimum", {"minimum": 2000})]),
        (Rule(step=500), 1250, 0, [Reason("not_in_steps", {"step": 500})]),
        (Rule(step=500, has_box=True), 1500, 250, [Reason("not_in_steps", {"step": 500})]),
        (
            Rule(maximum_per_member=3000, has_box=True),
            2000,
            2000,
            [Reason("above_maximum", {"maximum": 3000})],
        ),
        (Rule(available=5000), 6000, 0, [Reason("not_enough", {"left": 5000})]),
        (Rule(available=5000, maximum=4000), 5000, 0, [Reason("not_enough", {"left": 4000})]),
        (Rule(), 1000, 500, [Reason("no_box", {})]),
        (Rule(has_box=True), 0, 500, [Reason("only_tolerance", {})]),
        (Rule(), LARGEST + 1, 0, [Reason("too_much", {"maximum": LARGEST})]),
        (Rule(minimum=2000, step=500, maximum_per_member=4000, available=9000, has_box=True), 2500, 1000, []),
        (Rule(minimum=2000, available=0), 0, 0, []),
    ],
)
def test_each_rule_refuses_what_breaks_it(rule, quantity, tolerance, expected):
    assert list(refusals(rule, quantity, tolerance)) == expected


def test_what_others_took_is_gone():
    rule = Rule(available=3000)
    assert refusals(rule, 1000, 0, others=3000) == (Reason("sold_out", {"left": 0}),)
    assert refusals(rule, 2000, 0, others=2000) == (Reason("not_enough", {"left": 1000}),)
    assert refusals(rule, 1000, 0, others=2000) == ()


def test_taking_less_is_never_refused_for_want_of_stock():
    """The supplier may have lowered what is there after it was booked."""
    assert refusals(Rule(available=1000), 2000, 0, before=4000, others=3000) == ()
    assert refusals(Rule(available=1000), 5000, 0, before=4000, others=3000) == (
        Reason("not_enough", {"left": 4000}),
    )


def test_what_is_not_cut_is_booked_whole():
    assert step_of("jar", None) == 1000
    assert step_of("piece", 6000) == 6000
    assert step_of("kg", None) is None
    assert step_of("kg", None, piece_weight=900) == 1000


def test_the_completion_takes_only_what_helps_the_open_box():
    assert helps_a_box(10_000, 13_000, 2000, 15_000, 2000)
    assert helps_a_box(10_000, 13_000, 2000, 13_000, 4000)
    assert not helps_a_box(10_000, 13_000, 2000, 12_000, 2000)  # takes away
    assert not helps_a_box(10_000, 13_000, 2000, 13_000, 2000)  # changes nothing
    assert not helps_a_box(10_000, 20_000, 0, 25_000, 0)  # no box is open
    assert not helps_a_box(10_000, 13_000, 2000, 21_000, 2000)  # would open another
    assert not helps_a_box(None, 13_000, 0, 15_000, 0)


def test_a_box_is_filled_by_tolerances_and_none_is_begun_for_them():
    assert fill_boxes(10_000, 18_000, 2000).ordered == 20_000
    assert fill_boxes(10_000, 18_000, 1000).ordered == 10_000
    assert fill_boxes(10_000, 18_000, 1000).missing == 1000
    assert fill_boxes(10_000, 20_000, 50_000).ordered == 20_000
    assert fill_boxes(10_000, 18_000, 2000, ceiling=19_000).ordered == 10_000
