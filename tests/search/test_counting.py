"""Counting without ranking gives the numbers that ranking gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from search.memory import World
from tests.search import worlds
from tests.search.factories import CRITERIA, TREE


@settings(max_examples=50, deadline=None)
@given(worlds.worlds(), st.lists(worlds.demands(), min_size=1, max_size=3), worlds.moments)
def test_what_is_counted_is_what_the_ranking_finds_eligible(suppliers, demands, now):
    world = World(suppliers, TREE, CRITERIA)
    alike = [*demands, *demands]
    assert world.suitable_counts(alike, now) == tuple(world.match(one, now).eligible for one in alike)
