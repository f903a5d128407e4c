"""Imports confirmed at one instant, on both databases, 50 rounds each."""

import pytest

from tests.marketplace.price_lists.racing import RACES, ImportRace

ROUNDS = 50


@pytest.mark.parametrize("run", RACES, ids=lambda run: run.__name__)
def test_fifty_rounds(fresh_app, run, monkeypatch):
    # nobody begins so many in a day
    monkeypatch.setattr("marketplace.price_lists.operations.MAX_RUNS_A_DAY", 10 * ROUNDS)
    race = ImportRace(fresh_app)
    for _ in range(ROUNDS):
        run(race)
