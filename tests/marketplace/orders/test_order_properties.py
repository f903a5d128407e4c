"""Properties of boxes, allotment, sharing and totals, on a few examples; tests/ordeal tries 10,000 of each."""

import pytest
from hypothesis import given, settings

from tests.marketplace.orders.properties import PROPERTIES


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_what_must_hold_holds_of(holds):
    settings(max_examples=50)(given(*PROPERTIES[holds])(holds))()
