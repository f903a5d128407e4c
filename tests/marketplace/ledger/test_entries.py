"""Double entry, as pure functions."""

import pytest
from hypothesis import given

from marketplace.ledger import entries
from tests.marketplace.ledger.properties import PROPERTIES
from tests.support.examples import examples


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_what_must_hold_holds_of_every_ledger(holds):
    examples(50)(given(*PROPERTIES[holds])(holds))()


def test_one_euro_in_three_adds_up_to_the_cent():
    """Ordeal 41: the cent that is left goes to the first, always."""
    sides = entries.shared_cost(100, [3, 1, 2]).sides
    assert [sides[entries.household(number)] for number in (1, 2, 3)] == [-34, -33, -33]
    assert sorted(entries.shared_cost(5000, [1, 2, 3]).sides.values()) == [-1667, -1667, -1666, 5000]


def test_a_payment_is_credit_for_the_household_and_money_in_the_cash():
    sides = entries.payment(1, 1250).sides
    assert sides[entries.household(1)] == 1250
    assert entries.in_hand(entries.CASH.kind, sides[entries.CASH]) == 1250


def test_an_opening_balance_is_what_people_say_it_is():
    for account in (entries.household(1), entries.CASH, entries.BANK):
        assert entries.in_hand(account.kind, entries.opening(account, 700).sides[account]) == 700


def test_a_movement_of_nothing_is_no_movement():
    with pytest.raises(entries.NothingToWrite):
        entries.payment(1, 0)
    with pytest.raises(ValueError, match="add up"):
        entries.Draft(entries.EntryKind.COST, {entries.CASH: 1})
