"""The same wall time in Rome across both clock changes (ordeal 40)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.orders.recurrence import due, moments_for, occurrences, pattern_of, wall_moment
from marketplace.rome_time import ROME

PATTERN = {"opens_at": {"days": -10, "time": "18:00"}, "closes_at": {"days": -3, "time": "22:30"}}


def test_every_second_thursday_keeps_its_hour_when_clocks_change():
    days = list(islice(occurrences(date(2026, 10, 15), 2), 14))
    assert {day.weekday() for day in days} == {3}
    walls = {moments_for(day, PATTERN)["closes_at"].astimezone(ROME).strftime("%a %H:%M") for day in days}
    assert walls == {"Mon 22:30"}
    hours = {moments_for(day, PATTERN)["closes_at"].hour for day in days}
    assert hours == {20, 21}  # both sides of a change


def test_an_hour_that_does_not_exist_becomes_what_clocks_show_and_one_that_comes_twice_the_first():
    assert wall_moment(date(2027, 3, 28), time(2, 30)).astimezone(ROME).strftime("%H:%M") == "03:30"
    assert wall_moment(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@settings(max_examples=50)
@given(
    st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    st.integers(1, 8),
    st.integers(0, 400),
)
def test_days_are_whole_weeks_apart_and_none_comes_twice(starts_on, weeks, later):
    first = list(islice(occurrences(starts_on, weeks), 6))
    assert all((b - a).days == 7 * weeks for a, b in pairwise(first))
    after = starts_on + timedelta(days=later)
    following = next(occurrences(starts_on, weeks, after))
    assert after < following <= after + timedelta(weeks=weeks)
    assert (following - starts_on).days % (7 * weeks) == 0


@settings(max_examples=50)
@given(st.dates(date(2024, 1, 1), date(2040, 1, 1)), st.integers(-20, 5), st.times())
def test_a_pattern_gives_back_what_it_was_made_of(day, days, hour):
    hour = hour.replace(second=0, microsecond=0)
    moment = wall_moment(day + timedelta(days=days), hour)
    pattern = pattern_of(day, {"closes_at": moment})
    assert (
        moments_for(day, pattern)["closes_at"].astimezone(ROME).strftime("%H:%M")
        == pattern["closes_at"]["time"]
    )


def test_a_draft_is_due_a_week_before_it_opens_and_once():
    first = date(2026, 12, 3)
    opens = moments_for(first, PATTERN)["opens_at"]
    assert due(first, 2, PATTERN, None, opens - timedelta(days=7, seconds=1)) is None
    assert due(first, 2, PATTERN, None, opens - timedelta(days=7)) == first
    assert due(first, 2, PATTERN, first, opens) is None


def test_what_can_no_longer_be_booked_is_passed_over():
    closed = moments_for(date(2026, 12, 3), PATTERN)["closes_at"]
    assert due(date(2026, 12, 3), 2, PATTERN, None, closed) == date(2026, 12, 17)


def test_a_series_comes_back_within_a_year():
    with pytest.raises(ValueError):
        next(occurrences(date(2026, 12, 3), 0))
