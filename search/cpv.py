"""CPV codes as prefixes: the hierarchy of the Common Procurement Vocabulary is in its digits."""

import re

# Digits of a CPV code that are always kept, even when they end in zero: the division.
CPV_DIVISION_DIGITS = 2

# A whole code (8 digits, with or without its check digit) or a prefix of one.
_CPV = re.compile(r"([0-9]{8})-?[0-9]|([0-9]{2,8})")


def cpv_prefix(code: str) -> str | None:
    """The significant digits of a CPV code: check digit and trailing zeros dropped, at least two digits kept.

    ``"03222321-7"``, ``"032223217"`` and ``"03222321"`` give ``"03222321"``; ``"80000000"`` gives ``"80"``. The check
    digit is not tested, because its formula fails on some official codes. None where the text is not a CPV code.
    """
    found = _CPV.fullmatch(code.strip())
    if not found:
        return None
    digits = found[1] or found[2]
    return digits[:CPV_DIVISION_DIGITS] + digits[CPV_DIVISION_DIGITS:].rstrip("0")
