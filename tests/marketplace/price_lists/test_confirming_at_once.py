"""Two confirmations at one instant, on both databases; many rounds of it are an ordeal."""

import pytest

from tests.marketplace.price_lists.racing import RACES, ImportRace


@pytest.mark.parametrize("run", RACES, ids=lambda run: run.__name__)
def test_one_is_carried_out_and_the_other_told(fresh_app, run):
    race = ImportRace(fresh_app)
    for _ in range(2):
        run(race)
