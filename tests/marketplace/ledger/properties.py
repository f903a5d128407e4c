"""What must hold of every ledger, with the worlds that it is tried in; tests/ordeal tries 10,000 of each."""

from hypothesis import strategies as st

from marketplace.ledger import entries
from tests.marketplace.ledger.strategies import CENTS, DRAFTS


def sides_add_up_to_zero(draft):
    assert sum(draft.sides.values()) == 0
    assert all(draft.sides.values())


def all_balances_together_are_zero_and_each_is_its_sides(drafts):
    found = entries.balances(drafts)
    assert sum(found.values()) == 0
    for account, cents in found.items():
        assert cents == sum(draft.sides.get(account, 0) for draft in drafts)


def a_reversal_restores_every_balance(drafts, draft):
    before = entries.balances(drafts)
    assert entries.balances([*drafts, draft, entries.reversal(draft.sides)]) == before


def the_order_of_entries_is_irrelevant(drafts, random):
    shuffled = list(drafts)
    random.shuffle(shuffled)
    assert entries.balances(shuffled) == entries.balances(drafts)


def a_shared_cost_is_borne_to_the_cent(cents, households):
    sides = dict(entries.shared_cost(cents, households).sides)
    assert sides.pop(entries.COSTS) == cents
    assert -sum(sides.values()) == cents
    shares = [-share for share in sides.values()] + [0] * (len(households) - len(sides))
    assert max(shares) - min(shares) <= 1


PROPERTIES = {
    sides_add_up_to_zero: (DRAFTS,),
    all_balances_together_are_zero_and_each_is_its_sides: (st.lists(DRAFTS, max_size=12),),
    a_reversal_restores_every_balance: (st.lists(DRAFTS, max_size=6), DRAFTS),
    the_order_of_entries_is_irrelevant: (st.lists(DRAFTS, max_size=8), st.randoms(use_true_random=False)),
    a_shared_cost_is_borne_to_the_cent: (CENTS, st.sets(st.integers(1, 99), min_size=1, max_size=40)),
}
