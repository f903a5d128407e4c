"""Joint answers: always feasible, never worse than greedy, the best there is, whatever the order of the suppliers."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.combinations import SCORE_UNITS, STEPS_PER_KM, AskedLot, Candidate, Lack, Part, combine

PLENTY_S = 60.0
SMALL = settings(max_examples=40)

quantities = st.one_of(st.none(), st.integers(1, 12))
asked_lots = st.builds(AskedLot, st.one_of(st.none(), st.integers(1, 12)), st.booleans())


@st.composite
def worlds(draw, most_suppliers=7):
    lots = draw(st.lists(asked_lots, min_size=1, max_size=4))
    brings = st.dictionaries(st.integers(0, len(lots) - 1), quantities, max_size=len(lots))
    drawn = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), brings), max_size=most_suppliers))
    return lots, [Candidate(n + 1, km / 2, score / 10, held) for n, (km, score, held) in enumerate(drawn)]


def brought(lot, suppliers, number):
    """How much of a lot these bring, 0 to what is asked (1 where it is all or nothing)."""
    held = [one.brings[number] for one in suppliers if number in one.brings]
    if lot.quantity is None:
        return int(bool(held))
    if not lot.splittable:
        return int(any(each is None or each >= lot.quantity for each in held))
    return min(lot.quantity, sum(lot.quantity if each is None else each for each in held))


def cover(lots, suppliers):
    return tuple(brought(lot, suppliers, number) for number, lot in enumerate(lots))


def chosen_of(combination, candidates):
    by_id = {one.id: one for one in candidates}
    return [by_id[id_] for id_ in combination.supplier_ids]


def order(suppliers):
    steps = sum(round(one.km * STEPS_PER_KM) for one in suppliers)
    return len(suppliers), steps, -sum(round(one.score * SCORE_UNITS) for one in suppliers)


@SMALL
@given(worlds())
def test_the_first_is_the_best_of_all_sets_and_none_contains_another(world):
    lots, candidates = world
    found = combine(lots, candidates, time_limit_s=PLENTY_S)
    reachable = cover(lots, candidates)
    whole = cover(lots, [Candidate(0, 0, 0, dict.fromkeys(range(len(lots))))])
    sets = (chosen for size in range(len(candidates) + 1) for chosen in combinations(candidates, size))
    best = min(order(chosen) for chosen in sets if cover(lots, chosen) == reachable)
    proposed = [chosen_of(one, candidates) for one in found.found]
    assert not found.interrupted
    assert [order(chosen) for chosen in proposed] == sorted(order(chosen) for chosen in proposed)
    assert order(proposed[0]) == best if any(reachable) else not proposed
    assert all(not {*a} <= {*b} for a, b in combinations([one.supplier_ids for one in found.found], 2))
    for combination, chosen in zip(found.found, proposed, strict=True):
        assert cover(lots, chosen) == reachable
        assert combination.is_whole == (reachable == whole)
        assert {part.supplier_id for part in combination.parts} == set(combination.supplier_ids)
        for number, lot in enumerate(lots):
            if lot.quantity is not None:
                parts = [part.quantity for part in combination.parts if part.lot == number]
                lacking = [lack.quantity for lack in combination.lacks if lack.lot == number]
                assert sum(parts) + sum(lacking) == lot.quantity


@settings(max_examples=15)
@given(worlds(), st.randoms())
def test_the_order_of_the_suppliers_never_matters(world, random):
    lots, candidates = world
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert combine(lots, shuffled, time_limit_s=PLENTY_S) == combine(lots, candidates, time_limit_s=PLENTY_S)


@SMALL
@given(worlds(most_suppliers=12))
def test_when_time_runs_out_it_says_so_and_still_covers_as_much_as_a_greedy_choice(world):
    lots, candidates = world
    stopped = combine(lots, candidates, time_limit_s=0.0)
    reachable = cover(lots, candidates)
    if any(reachable):
        assert stopped.interrupted
        assert cover(lots, chosen_of(stopped.found[0], candidates)) == reachable


def test_two_share_what_neither_has():
    lots = [AskedLot(100_000), AskedLot(None)]
    found = combine(
        lots,
        [
            Candidate(1, 5.0, 0.9, {0: 60_000}),
            Candidate(2, 8.0, 0.5, {0: 50_000, 1: None}),
            Candidate(3, 30.0, 0.9, {0: 90_000, 1: None}),
        ],
        time_limit_s=PLENTY_S,
    ).found
    assert found[0].supplier_ids == (1, 2)
    assert found[0].parts == (Part(0, 1, 60_000), Part(0, 2, 40_000), Part(1, 2, None))
    assert found[1].supplier_ids == (1, 3)


def test_what_nobody_has_is_named():
    found = combine(
        [AskedLot(100_000), AskedLot(10_000, splittable=False)],
        [Candidate(1, 5.0, 0.9, {0: 60_000, 1: 9_000})],
        time_limit_s=PLENTY_S,
    ).found
    assert found[0].lacks == (Lack(0, 40_000), Lack(1, 10_000))
    assert not found[0].is_whole


def test_a_gram_less_than_asked_is_less():
    """The solver's tolerance would let it pass: 10,000 tonnes but for five grams."""
    asked = AskedLot(10**10)
    found = combine(
        [asked],
        [Candidate(1, 1.0, 0.9, {0: 10**10 - 5}), Candidate(2, 9.0, 0.1, {0: 10**10})],
        time_limit_s=PLENTY_S,
    ).found
    assert found[0].supplier_ids == (2,)


def test_two_candidates_never_share_an_id():
    with pytest.raises(ValueError, match="share an id"):
        combine([AskedLot()], [Candidate(1, 1, 1, {0: None}), Candidate(1, 2, 1, {0: None})])


def test_where_nobody_has_anything_nothing_is_proposed():
    assert combine([AskedLot(5)], []).found == ()
