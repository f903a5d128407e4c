"""One rounding rule, and integers everywhere."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.money import divide_half_up, line_total, price_to_cents, with_vat, without_vat

rates = st.sampled_from([0, 400, 500, 1000, 2200])


@pytest.mark.parametrize(
    "numerator, denominator, expected", [(5, 2, 3), (-5, 2, -3), (7, 3, 2), (0, 9, 0), (1, 2, 1), (4, 2, 2)]
)
def test_a_half_goes_away_from_zero(numerator, denominator, expected):
    assert divide_half_up(numerator, denominator) == expected


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**12))
def test_rounding_is_never_more_than_half_a_unit_off(numerator, denominator):
    error = abs(Fraction(numerator, denominator) - divide_half_up(numerator, denominator))
    assert error <= Fraction(1, 2)


def test_a_third_of_a_kilogram_at_a_price_of_ten_thousandths():
    # 0.333 kg at 2.675 euros a kilogram are 0.890775 euros
    assert line_total(333, 26_750) == 89


@given(st.integers(0, 10**12), st.integers(0, 10**9))
def test_a_line_is_rounded_once(quantity, unit_price):
    exact = Fraction(quantity, 1000) * Fraction(unit_price, 10_000) * 100
    assert abs(exact - line_total(quantity, unit_price)) <= Fraction(1, 2)


def test_a_unit_price_is_shown_in_cents_by_the_same_rule():
    assert price_to_cents(12_350) == 124
    assert price_to_cents(12_349) == 123


@given(st.integers(0, 10**11), rates)
def test_vat_taken_off_and_put_on_again_is_the_same_price(price, rate):
    assert abs(with_vat(without_vat(price, rate), rate) - price) <= 1


def test_a_denominator_of_nothing_is_refused():
    with pytest.raises(ValueError):
        divide_half_up(1, 0)
