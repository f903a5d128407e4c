"""Ordeal 4 for the ledger: two treasurers charge, take payments and correct at once, 100 rounds on both databases."""

from tests.marketplace.ledger.racing import Treasurers


def test_a_hundred_rounds_of_two_treasurers(fresh_app):
    race = Treasurers(fresh_app)
    for _ in range(100):
        race.round()
