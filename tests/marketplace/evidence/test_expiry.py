"""Warnings before evidence expires: each once, the nearest only, none after."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.evidence.expiry import WARNINGS, due_notice

EXPIRES = date(2027, 6, 30)


@pytest.mark.parametrize(
    "left, notice", [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_the_nearest_reached_warning_is_due(left, notice):
    assert due_notice(EXPIRES, EXPIRES - timedelta(days=left), ()) == notice


def test_what_was_sent_is_not_sent_again():
    assert due_notice(EXPIRES, EXPIRES - timedelta(days=29), {30}) is None


@given(st.sets(st.integers(-10, 100)))
def test_on_whatever_days_somebody_looks_each_warning_is_sent_once_and_in_order(days):
    sent: list[int] = []
    for left in sorted(days, reverse=True):
        due = due_notice(EXPIRES, EXPIRES - timedelta(days=left), sent)
        if due is not None:
            assert left >= 0
            sent.append(due)
    assert sent == sorted(set(sent), reverse=True)
    assert set(sent) <= set(WARNINGS)


@given(st.integers(0, 60))
def test_looked_at_every_day_all_three_are_sent(first):
    sent: list[int] = []
    for left in range(60, -1, -1):
        due = due_notice(EXPIRES, EXPIRES - timedelta(days=left), sent)
        if due is not None:
            sent.append(due)
    assert sent == list(WARNINGS)
