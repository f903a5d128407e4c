"""Every constant of the match, by name and with its unit (MATCHING).

The values of evidence are not here but in :mod:`search.criteria`: they are settings of the
district, with defaults.
"""

from types import MappingProxyType

MIN_SIMILARITY = 0.4
"""Least category similarity (0 to 1) at which an offer is in category for a lot."""

DEFAULT_WEIGHTS = MappingProxyType({"fit": 3.0, "proximity": 2.0, "values": 4.0, "price": 1.0})
"""Weights that a community's demand takes for those that it does not give; a public body has no defaults."""

MIN_HALF_LIFE_KM, MAX_HALF_LIFE_KM = 5.0, 50.0
"""Range of the distance at which nearness counts half."""
NO_PENALTY_KM = 1.0
"""Distance within which everybody counts as equally near."""
MAX_DISTANCE_LIMIT_KM = 20_038.0
"""Largest ``max_distance_km``: half the circumference of the Earth, rounded up."""

MIN_IMPORTANCE, MAX_IMPORTANCE = 1, 3
"""Range of the importance of a preferred criterion."""

TEXT_SHARE = 0.5
"""How much of what category similarity leaves open a lot's whole free text can make up for."""

UNKNOWN_PRICE_UTILITY = 0.5
"""Utility of price (0 to 1) where a lot has a budget and no covering offer a price in its unit."""
VAT_UNITS = 10_000
"""A VAT rate of so many units is 100 %."""

SCORE_DECIMALS, KM_DECIMALS = 9, 6
"""Decimals to which scores, values and shares, and kilometres, are compared."""

MAX_LOTS, MAX_CRITERIA, MAX_QUALIFICATIONS = 100, 50, 50
"""Caps on what one demand may ask, so that its work has an end."""
MAX_QUANTITY = 10**15
"""Largest quantity, in thousandths of a unit; a thousand milliards of units."""
MAX_BUDGET = 10**13
"""Largest budget per unit, in ten-thousandths of a euro: a milliard of euros."""
MAX_WEIGHT = 1e6
"""Largest weight of a component."""
MAX_TEXT_CHARACTERS = 500
"""Longest free text of a lot."""

DEFAULT_MATCHES = 50
"""How many suppliers above the line an engine spells out unless told otherwise; all are counted and ranked."""
DEFAULT_NEAR_MISSES = 20
"""The same below the line."""
