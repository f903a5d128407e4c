"""The ranking over columns and the oracle over documents give the same answer, in every part of it."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.memory import World
from search.reasons import REASONS
from search.validation import validated
from tests.search import worlds
from tests.search.factories import CRITERIA, TREE
from tests.search.oracle import Oracle
from tests.support.examples import examples


def plain(answer) -> dict:
    """The answer as the oracle writes it."""
    values = asdict(answer)
    for part in ("matches", "near_misses"):
        spelled = []
        for written, one in zip(values.pop(part), getattr(answer, part), strict=True):
            written["reasons"] = [reason.as_dict() for reason in one.reasons]
            if part == "matches":
                written["lots"] = list(written["lots"])
                written["evidence"] = list(one.evidence)
            spelled.append(written)
        values[part] = spelled
    return values


def assert_same(ours, theirs, path="answer"):
    """Equal in every part, numbers within 1e-9."""
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys(), path
        for key in theirs:
            assert_same(ours[key], theirs[key], f"{path}.{key}")
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), (path, ours, theirs)
        for position, (left, right) in enumerate(zip(ours, theirs, strict=True)):
            assert_same(left, right, f"{path}.{position}")
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, abs=1e-9, rel=1e-9), path
    else:
        assert ours == theirs, path


@examples(80)
@given(worlds.worlds(), worlds.demands(), worlds.moments)
def test_the_ranking_answers_what_the_oracle_answers(suppliers, demand, now):
    validated(demand, TREE, CRITERIA)
    ours = plain(World(suppliers, TREE, CRITERIA).match(demand, now))
    theirs = Oracle(demand, TREE, CRITERIA, now).answer(suppliers)
    assert ours.pop("eligible") == len(theirs["matches"])
    assert ours.pop("near_missed") == len(theirs["near_misses"])
    assert_same(ours, theirs)


@examples(20)
@given(worlds.worlds(), worlds.demands(), worlds.moments)
def test_every_reason_is_in_the_table_with_its_values(suppliers, demand, now):
    answer = World(suppliers, TREE, CRITERIA).match(demand, now)
    for one in (*answer.matches, *answer.near_misses):
        for reason in one.reasons:
            assert {name for name, _ in reason.values} == set(REASONS[reason.code])


@examples(20)
@given(worlds.worlds(), worlds.demands(), worlds.moments, st.integers(0, 3), st.integers(0, 3))
def test_a_limit_shortens_the_lists_and_changes_nothing_else(suppliers, demand, now, limit, near_limit):
    world = World(suppliers, TREE, CRITERIA)
    whole, short = world.match(demand, now), world.match(demand, now, limit, near_limit)
    assert short.matches == whole.matches[:limit]
    assert short.near_misses == whole.near_misses[:near_limit]
    assert (short.eligible, short.near_missed) == (len(whole.matches), len(whole.near_misses))
    assert (short.considered, short.in_category, short.failed) == (
        whole.considered,
        whole.in_category,
        whole.failed,
    )
