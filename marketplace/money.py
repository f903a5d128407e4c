"""Amounts, prices and quantities: integers everywhere, and the one rule by which they are rounded.

An amount is in cents, a unit price in ten-thousandths of a euro, a quantity in thousandths of its
unit. Rounding is half up (away from zero), once per line, never in between.
"""

CENTS_PER_EURO = 100
PRICE_UNITS_PER_EURO = 10_000
QUANTITY_UNITS = 1_000
#: A VAT rate of 22 % is 2200.
VAT_UNITS = 10_000

_PRICE_UNITS_PER_CENT = PRICE_UNITS_PER_EURO // CENTS_PER_EURO


def divide_half_up(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` to the nearest integer; a half goes away from zero, as on a receipt."""
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def line_total(quantity: int, unit_price: int) -> int:
    """Cents for a line: thousandths of a unit times ten-thousandths of a euro per unit, rounded once."""
    return divide_half_up(quantity * unit_price, QUANTITY_UNITS * _PRICE_UNITS_PER_CENT)


def price_to_cents(unit_price: int) -> int:
    """A unit price as cents, for where only cents can be shown."""
    return divide_half_up(unit_price, _PRICE_UNITS_PER_CENT)


def without_vat(unit_price: int, vat_rate: int) -> int:
    """The unit price without its VAT, in ten-thousandths of a euro; ``vat_rate`` in hundredths of a percent."""
    return divide_half_up(unit_price * VAT_UNITS, VAT_UNITS + vat_rate)


def with_vat(unit_price: int, vat_rate: int) -> int:
    """The unit price with VAT added, in ten-thousandths of a euro."""
    return divide_half_up(unit_price * (VAT_UNITS + vat_rate), VAT_UNITS)


def line_total_without_vat(quantity: int, unit_price: int, vat_rate: int) -> int:
    """Cents without VAT for a line whose unit price includes it: rounded once, not first the price and then the line."""
    return divide_half_up(
        quantity * unit_price * VAT_UNITS, QUANTITY_UNITS * _PRICE_UNITS_PER_CENT * (VAT_UNITS + vat_rate)
    )


def line_total_with_vat(quantity: int, unit_price: int, vat_rate: int) -> int:
    """Cents with VAT for a line whose unit price is without it, rounded once."""
    return divide_half_up(
        quantity * unit_price * (VAT_UNITS + vat_rate), QUANTITY_UNITS * _PRICE_UNITS_PER_CENT * VAT_UNITS
    )
