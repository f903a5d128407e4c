"""Double entry on 10,000 generated ledgers of each property (ordeal 41)."""

import pytest
from hypothesis import given, settings

from tests.marketplace.ledger.properties import PROPERTIES


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_what_must_hold_holds_ten_thousand_times_of(holds):
    settings(max_examples=10_000)(given(*PROPERTIES[holds])(holds))()
