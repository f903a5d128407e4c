"""Two treasurers on both databases, a few rounds; tests/ordeal runs 100."""

import pytest

from tests.marketplace.ledger.racing import Treasurers

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")


def test_two_treasurers_at_once_write_one_set(fresh_app):
    race = Treasurers(fresh_app)
    for _ in range(3):
        race.round()
