"""Ordeals 1, 3, 4 and 5 on both databases, 200 rounds each."""

import pytest

from tests.marketplace.orders.racing import RACES, Race

ROUNDS = 200


@pytest.mark.parametrize("run", RACES, ids=lambda run: run.__name__)
def test_two_hundred_rounds(fresh_app, run):
    race = Race(fresh_app)
    for _ in range(ROUNDS):
        run(race)
