"""What one cell may hold."""

from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.district.dataset import values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 120_000),
        ("12,5", 125_000),
        ("12.50", 125_000),
        ("0,333", 3_330),
        ("2,675", 26_750),
        ("1.234,50", 12_345_000),
        ("1,234.50", 12_345_000),
    ],
)
def test_italian_and_english_decimals_are_read_alike(text, number):
    assert values.scaled(4)(text) == number


@pytest.mark.parametrize(
    "text",
    ["NaN", "Infinity", "1e5", "-0", "-1", "+1", "１２", "1_000", "10" * 40, "", "1.234", "1,23456", "٣"],
)
def test_anything_but_a_plain_number_is_refused(text):
    with pytest.raises(ValueError):
        values.scaled(4)(text)


def test_a_number_beyond_its_limits_is_refused_with_them():
    with pytest.raises(ValueError, match="between 1 and 3"):
        values.scaled(0, least=1, most=3)("4")


@given(st.text(max_size=30))
def test_no_text_makes_a_parser_raise_anything_but_a_sentence(text):
    parsers = (
        *(values.scaled(2), values.degrees(90), values.months, values.weekdays, values.day, values.key),
        *(values.moment(time()), values.yes_or_no, values.email, values.web_address, values.one_of(("a",))),
    )
    for parse in parsers:
        # any other exception fails the test
        with suppress(ValueError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("1-3;10", {1, 2, 3, 10}),
        ("1-3|10", {1, 2, 3, 10}),
        ("11-2", {11, 12, 1, 2}),
        ("gennaio; Febbraio", {1, 2}),
        ("set-nov", {9, 10, 11}),
        ("june", {6}),
    ],
)
def test_months_are_ranges_lists_or_names(text, months):
    assert values.months(text) == months


@pytest.mark.parametrize("text", ["0", "13", "brumaio", "1-", "1-3-5"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="month"):
        values.months(text)


def test_days_of_the_week_are_numbers_or_names():
    assert values.weekdays("mar;ven") == [2, 5]
    assert values.weekdays("1-5") == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text", ["2026-11-30", "30/11/2026"])
def test_a_date_has_two_spellings(text):
    assert values.day(text) == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["2026-02-30", "11/30/2026", "30-11-2026", "domani", "2026-11-3０"])
def test_a_date_that_does_not_exist_is_refused(text):
    with pytest.raises(ValueError, match="date"):
        values.day(text)


def test_a_moment_is_of_rome_and_kept_in_utc():
    assert values.moment(time())("2026-07-01 12:30") == datetime(2026, 7, 1, 10, 30, tzinfo=UTC)


def test_a_bare_day_takes_the_hour_of_its_column():
    assert values.moment(time(23, 59))("2026-12-01") == datetime(2026, 12, 1, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2027-03-28 02:30", "2026-10-25 02:30"])
def test_an_hour_that_the_clocks_skip_or_repeat_is_refused(text):
    with pytest.raises(ValueError, match="clocks"):
        values.moment(time())(text)


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "//example.org", "ftp://example.org", "https://", "a b"]
)
def test_only_addresses_of_the_web_are_links(text):
    with pytest.raises(ValueError, match="web address"):
        values.web_address(text)


@pytest.mark.parametrize("text", ["91", "NaN", "45,6,7", "1e1"])
def test_degrees_keep_to_their_range(text):
    with pytest.raises(ValueError):
        values.degrees(90)(text)
