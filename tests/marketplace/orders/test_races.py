"""Races on both databases, a few rounds of each; tests/ordeal runs 200."""

import pytest

from tests.marketplace.orders.racing import RACES, Race

ROUNDS = 3


def test_those_who_come_at_once_get_stated_outcomes(fresh_app):
    race = Race(fresh_app)
    for run in RACES:
        for _ in range(ROUNDS):
            run(race)


pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
