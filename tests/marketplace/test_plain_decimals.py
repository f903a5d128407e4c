"""Only plain decimals: one written rule for every number that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.plain_decimals import Fault, NotPlain, read_decimal, write_decimal


@pytest.mark.parametrize(
    "text, decimals, expected",
    [
        ("12", 2, 1200),
        ("12,5", 2, 1250),
        ("12.5", 2, 1250),
        ("12,50", 2, 1250),
        ("0,01", 2, 1),
        ("2,675", 4, 26_750),
        ("0.333", 3, 333),
        ("1.234,50", 2, 123_450),
        ("1,234.50", 2, 123_450),
        ("1.234.567", 2, 123_456_700),
        ("1.234.567,89", 2, 123_456_789),
        ("1,2300", 2, 123),
        (" 5 ", 2, 500),
        ("\u00a05\u00a0", 2, 500),
        ("1234.500", 3, 1_234_500),
        ("007", 0, 7),
    ],
)
def test_plain_decimals_are_read(text, decimals, expected):
    assert read_decimal(text, decimals) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "NaN", "nan", "Infinity", "-Infinity", "1e5", "1E5", "-0", "-1", "+1", "１２", "1_000",
        "1 000", "0x10", ".5", "5.", "5,", "1,,2", "1.23.4", "12.34.56", "1,234,56", "1.234,567.89", "٣", "½",
        "1'000", "10^30", "9" * 30, "1\n2", "€ 5", "1,2,3", "\x005", "1.234.56",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(NotPlain) as refusal:
        read_decimal(text, 4)
    assert refusal.value.fault is Fault.NOT_A_NUMBER


@pytest.mark.parametrize("text, decimals", [("1,234", 2), ("0,5", 0), ("0,00001", 4)])
def test_more_digits_than_can_be_counted_are_refused(text, decimals):
    with pytest.raises(NotPlain) as refusal:
        read_decimal(text, decimals)
    assert refusal.value.fault is Fault.TOO_PRECISE


def test_a_point_before_three_digits_is_asked_about():
    with pytest.raises(NotPlain) as refusal:
        read_decimal("1.234", 4)
    assert refusal.value.fault is Fault.AMBIGUOUS
    many, few = refusal.value.meanings
    assert read_decimal(many, 4) == 12_340_000
    assert read_decimal(few, 4) == 12_340


def test_a_point_before_three_digits_is_clear_where_it_cannot_group():
    assert read_decimal("0.500", 3) == 500
    assert read_decimal("1234.567", 3) == 1_234_567


@given(st.text(max_size=40))
def test_no_text_does_anything_but_be_read_or_be_refused(text):
    try:
        assert read_decimal(text, 4) >= 0
    except NotPlain:
        pass


@given(
    st.integers(0, 10**15 - 1),
    st.sampled_from([(0, 0), (2, 2), (3, 0), (4, 2)]),
    st.sampled_from([",", "."]),
)
def test_what_is_written_can_be_read_back(count, digits, mark):
    decimals, least = digits
    assert read_decimal(write_decimal(count, decimals, mark=mark, least=least), decimals) == count
