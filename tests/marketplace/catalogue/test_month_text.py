"""Months in one cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.month_text import NoMonths, read_months, write_months


@pytest.mark.parametrize(
    "text, months",
    [
        ("", set()),
        ("6-9, 12", {6, 7, 8, 9, 12}),
        ("11 - 2", {11, 12, 1, 2}),
        ("3;4 5", {3, 4, 5}),
        ("9–11", {9, 10, 11}),
        ("1-12", set()),
        ("tutto l'anno", set()),
        ("giugno-settembre e dicembre", {6, 7, 8, 9, 12}),
        ("gen feb", {1, 2}),
        ("Sett. / Ott.", {9, 10}),
        ("june|july", {6, 7}),
        ("nov-feb", {11, 12, 1, 2}),
    ],
)
def test_months_are_read_as_people_write_them(text, months):
    assert read_months(text) == months


@given(st.frozensets(st.integers(1, 12), max_size=11))
def test_what_is_written_is_read_back(months):
    assert read_months(write_months(months)) == months


@pytest.mark.parametrize(
    "text",
    [
        "13",
        "0",
        "-1",
        "primavera",
        "mag-",
        "ge",
        "mela",
        "maggiorana",
        "１",
        "²",
        "1-",
        "NaN",
        "1" * 100,
        "1_2",
        "6-9-11",
    ],
)
def test_what_names_no_months_is_refused(text):
    with pytest.raises(NoMonths):
        read_months(text)


@given(st.text())
def test_any_text_is_months_or_refused(text):
    try:
        assert read_months(text) <= set(range(1, 13))
    except NoMonths:
        pass
