"""Moments written on the wall clock of Rome, on every night of the year."""

# ruff: noqa: DTZ001 - what a wall clock shows, and the bounds of hypothesis, have no time zone

from datetime import UTC, datetime, timedelta

import pytest
from flask import get_template_attribute
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from marketplace.rome_time import ROME, HourTwice, NoSuchHour, RomeMomentField, days_later, from_rome

#: Last Sundays of March and October: clocks go forward at 2 and back at 3.
FORWARD, BACK = datetime(2027, 3, 28), datetime(2027, 10, 31)


class MomentForm(Form):
    at = RomeMomentField("At")


def filled(text):
    return MomentForm(MultiDict({"at": text}))


@pytest.mark.parametrize(
    "wall, moment",
    [
        (datetime(2027, 1, 15, 12, 0), datetime(2027, 1, 15, 11, 0, tzinfo=UTC)),
        (datetime(2027, 7, 15, 12, 0), datetime(2027, 7, 15, 10, 0, tzinfo=UTC)),
        (FORWARD.replace(hour=1, minute=59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (FORWARD.replace(hour=3), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (BACK.replace(hour=1, minute=59), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (BACK.replace(hour=3), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_that_comes_once_is_one_moment(wall, moment):
    assert from_rome(wall) == moment


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_that_is_skipped_in_march_does_not_exist(minute):
    with pytest.raises(NoSuchHour):
        from_rome(FORWARD.replace(hour=2, minute=minute))


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_that_is_repeated_in_october_is_two_moments(minute):
    with pytest.raises(HourTwice):
        from_rome(BACK.replace(hour=2, minute=minute))


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_what_the_clock_shows_is_read_back_or_refused(moment):
    moment = moment.replace(microsecond=0)
    wall = moment.astimezone(ROME).replace(tzinfo=None)
    try:
        assert from_rome(wall) == moment
    except HourTwice:
        assert wall.month == 10
        assert wall.hour == 2


@pytest.mark.parametrize("text", ["2027-03-28T02:30", "2027-10-31T02:30"])
def test_a_form_says_what_is_wrong_with_such_an_hour_and_keeps_what_was_typed(request_context, text):
    form = filled(text)
    assert not form.validate()
    assert form.at.data is None
    assert len(form.at.errors) == 1
    assert text in form.at()


@pytest.mark.parametrize(("which", "hour"), [("summer", 0), ("winter", 1)])
def test_of_an_hour_that_comes_twice_one_may_say_which_and_is_asked_only_then(request_context, which, hour):
    form = MomentForm(MultiDict({"at": "2027-10-31T02:30", "at-which": which}))
    assert form.validate()
    assert form.at.data == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
    shown = get_template_attribute("_macros/forms.html", "field")
    assert f'value="{which}" selected' in shown(form.at)
    assert f'value="{which}" selected' in shown(MomentForm(at=form.at.data).at)
    assert "at-which" not in shown(filled("2027-05-31T12:00").at)
    assert not MomentForm(MultiDict({"at": "2027-03-28T02:30", "at-which": which})).validate()


def test_days_later_clocks_show_the_same_hour_also_when_they_are_changed_between():
    before = datetime(2027, 3, 27, 21, 0, tzinfo=UTC)
    assert days_later(before, 1) == datetime(2027, 3, 28, 20, 0, tzinfo=UTC)
    assert days_later(days_later(before, 1), -1) == before
    assert days_later(datetime(2026, 10, 24, 20, 0, tzinfo=UTC), 1) == datetime(
        2026, 10, 25, 21, 0, tzinfo=UTC
    )


def test_a_moment_is_shown_again_as_it_was_written(request_context):
    form = filled("2027-05-31T12:00")
    assert form.validate()
    assert form.at.data == datetime(2027, 5, 31, 10, 0, tzinfo=UTC)
    assert "2027-05-31T12:00" in MomentForm(at=form.at.data).at()


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00", "9999-12-31T23:59", "2027-02-30T10:00", "now", "1e5", "\x00"]
)
def test_what_is_no_moment_is_refused_in_words(request_context, text):
    form = filled(text)
    form.validate()
    assert form.at.data is None or isinstance(form.at.data - timedelta(days=1), datetime)
    assert form.at.errors or text.startswith("9999")


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_written_is_no_moment_and_no_error(request_context, text):
    form = filled(text)
    assert form.validate()
    assert form.at.data is None
