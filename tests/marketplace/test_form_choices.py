"""Months as boxes, and lines that are numbered in the names of their fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField, StringField

from marketplace.form_choices import Lines, Months


class LineForm(Form):
    what = StringField("What")


class LinesForm(Form):
    lots = Lines(FormField(LineForm), min_entries=1, max_entries=3)
    months = Months("Months")


def whats(*pairs):
    return [entry.form.what.data for entry in LinesForm(MultiDict(pairs)).lots]


def test_lines_come_in_the_order_of_their_numbers(request_context):
    assert whats(("lots-10-what", "due"), ("lots-2-what", "uno")) == ["uno", "due"]


def test_lines_beyond_the_last_are_left_out(request_context):
    assert len(whats(*((f"lots-{number}-what", "x") for number in range(20)))) == 3


@pytest.mark.parametrize("number", ["²", "१", "-1", "x", "", "9" * 5000, "1e3", " 1"])
def test_a_number_that_is_none_names_no_line(request_context, number):
    assert whats((f"lots-{number}-what", "x")) == [None]


@given(
    st.dictionaries(st.text(max_size=12).map(lambda text: f"lots-{text}"), st.text(max_size=5), max_size=8)
)
def test_whatever_names_come_there_are_one_to_three_lines(plain_app, pairs):
    with plain_app.test_request_context():
        assert 1 <= len(LinesForm(MultiDict(pairs)).lots) <= 3


def test_months_are_numbers_and_shown_by_their_names(request_context):
    form = LinesForm(MultiDict([("months", "1"), ("months", "12")]))
    assert form.validate()
    assert form.months.data == [1, 12]
    assert [choice.label.text for choice in form.months][:2] == ["gennaio", "febbraio"]


@pytest.mark.parametrize("text", ["0", "13", "-1", "１", "01", "1.0", "x", "²"])
def test_what_is_no_month_is_refused(request_context, text):
    assert not LinesForm(MultiDict({"months": text})).validate()


def test_months_are_shown_as_they_were_stored(request_context):
    form = LinesForm(months=frozenset({3, 4}))
    assert [choice.data for choice in form.months if choice.checked] == [3, 4]
