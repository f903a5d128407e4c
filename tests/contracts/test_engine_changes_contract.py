"""How every engine changes, matches, maps and completes, tried on each (:mod:`tests.contracts.engine_makers`)."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.areas import RadiusArea
from geo.points import BBox, Point
from search.columns import Columns
from search.queries import MAX_MAP_FEATURES, MapQuery, SearchQuery
from search.ranking import rank
from tests.contracts import browsing_oracle as oracle
from tests.contracts.engine_asking import every_hit, generated, ids, queries
from tests.search import worlds
from tests.search.factories import BERGAMO, CRITERIA, NOW, TREE, demand, offer, supplier
from tests.support.examples import FACTOR

# What changes


def test_an_added_supplier_is_found_at_once_and_a_replaced_one_only_as_it_is_now(make_engine):
    engine = make_engine(supplier(offer(id=1, title="miele"), id=1))
    engine.add([supplier(offer(id=2, title="polline"), id=2)])
    assert ids(engine.search(SearchQuery(), NOW)) == {1, 2}
    engine.add([supplier(offer(id=3, title="propoli"), id=1)])
    assert ids(engine.search(SearchQuery(), NOW)) == {2, 3}
    assert engine.search(SearchQuery("miele"), NOW).total == 0
    assert engine.counts() == (2, 2)


def test_a_removed_supplier_is_gone_with_all_it_had(make_engine):
    engine = make_engine(supplier(offer(id=1, title="miele"), id=1), supplier(offer(id=2), id=2))
    engine.remove([1, 99])
    page = engine.search(SearchQuery(), NOW)
    assert ids(page) == {2}
    assert page.total == 1
    assert page.facets.category["food"] == 1
    assert engine.search(SearchQuery("miele"), NOW).total == 0
    assert engine.counts() == (1, 1)
    engine.remove([2])
    assert engine.counts() == (0, 0)
    assert engine.search(SearchQuery(), NOW).hits == ()


def test_the_last_of_two_suppliers_with_one_id_counts(make_engine):
    engine = make_engine()
    engine.add([supplier(offer(id=1), id=1), supplier(offer(id=2), id=1)])
    assert ids(engine.search(SearchQuery(), NOW)) == {2}


def test_a_rebuild_forgets_what_is_not_given_and_counts_the_offers(make_engine):
    engine = make_engine(supplier(offer(id=1), id=1))
    assert engine.rebuild([supplier(offer(id=2), offer(id=3, published=False), id=2)]) == 2
    assert ids(engine.search(SearchQuery(), NOW)) == {2}
    assert engine.rebuild(iter(())) == 0
    assert engine.counts() == (0, 0)


@given(world=worlds.worlds(most=8), asked=worlds.demands(), now=worlds.moments, seed=st.integers(0, 2**32))
@generated
def test_after_any_history_the_answers_are_those_of_a_fresh_index(make_engine, world, asked, now, seed):
    chance = random.Random(seed)
    engine = make_engine(*(replace(one, name="Prima", claims=()) for one in world[::2]))
    gone = {one.id for one in world if chance.random() < 0.3}
    history = [one for one in world for _ in range(chance.choice([1, 1, 2, 6]))]
    chance.shuffle(history)
    for one in history:
        engine.add([one])
    engine.remove(gone)
    left = [one for one in world if one.id not in gone]
    for query in (SearchQuery(), SearchQuery("formaggi caprino"), SearchQuery("renetta", near=BERGAMO)):
        page = engine.search(query, now)
        assert {hit.offer_id for hit in every_hit(engine, query, now)} == {
            one.offer.id for one in oracle.found(left, query, now)
        }
        assert page.facets.category == oracle.facets(oracle.found(left, query, now), query, now)[0]
    assert engine.match(asked, now) == ranked(left, asked, now)
    assert engine.counts() == (len(left), sum(len(one.offers) for one in left))


# Matching


def ranked(world, asked, now):
    """The match over documents, with stems looked up one offer at a time."""
    columns = Columns.build(world)
    own = {one.offer.id: one.own_stems() for one in oracle.shown(world)}
    rows = [(row, own.get(int(offer_id), set())) for row, offer_id in enumerate(columns.offers.ids)]
    return rank(
        asked,
        columns,
        tree=TREE,
        criteria=CRITERIA,
        now=now,
        stem_rows=lambda stem: np.array([row for row, having in rows if stem in having], dtype=np.int64),
        limit=100,
        near_miss_limit=30,
    )


@given(world=worlds.worlds(most=8), asked=worlds.demands(), now=worlds.moments)
@generated
def test_a_match_is_that_of_the_documents(make_engine, world, asked, now):
    assert make_engine(*world).match(asked, now) == ranked(world, asked, now)


def test_an_offer_that_goes_to_some_areas_only_covers_there_only(make_engine):
    here, elsewhere = RadiusArea(5.0, BERGAMO), RadiusArea(4.0, Point(45.90, 9.90))
    engine = make_engine(
        supplier(offer(id=1, areas=(0,)), offer(id=2, areas=(1,)), id=1, areas=(here, elsewhere)),
        supplier(offer(id=3, areas=(1,)), id=2, areas=(here, elsewhere)),
    )
    answer = engine.match(demand(), NOW)
    assert [lot.offer_ids for match in answer.matches for lot in match.lots] == [(1,)]
    assert [(miss.supplier_id, miss.failed) for miss in answer.near_misses] == [(2, "reach")]


def test_a_match_spells_out_no_more_than_its_limit(make_engine):
    engine = make_engine(*(supplier(offer(id=number), id=number) for number in range(1, 6)))
    assert len(engine.match(demand(), NOW, limit=2).matches) == 2
    assert len(engine.match(demand(), NOW).matches) == 5


# The map


@given(world=worlds.worlds(most=8), query=queries(""), now=worlds.moments)
@generated
def test_the_map_shows_the_suppliers_that_brute_force_finds(make_engine, world, query, now):
    asked = MapQuery(query.bbox, query.categories, query.criteria, query.kinds)
    answer = make_engine(*world).map(asked, now)
    expected = {one.supplier.id for one in oracle.found(world, asked, now)}
    assert set(answer.supplier_ids) == expected
    assert answer.total == len(expected)
    assert len(answer.supplier_ids) == len(expected)
    assert answer.clusters == ()


def test_too_many_suppliers_for_a_map_are_clustered(make_engine):
    chance = random.Random(7)
    many = MAX_MAP_FEATURES + 100
    engine = make_engine(
        *(
            supplier(
                offer(id=number),
                id=number,
                seat=Point(45.5 + chance.random() / 2, 9.5 + chance.random() / 2),
            )
            for number in range(1, many + 1)
        )
    )
    answer = engine.map(MapQuery(), NOW)
    assert answer.supplier_ids == ()
    assert answer.total == many
    assert sum(cluster.count for cluster in answer.clusters) == many
    assert 1 < len(answer.clusters) <= MAX_MAP_FEATURES
    box = BBox(9.5, 45.5, 9.6, 45.6)
    inside = engine.map(MapQuery(box), NOW)
    assert 0 < inside.total == len(inside.supplier_ids) < many


def test_suppliers_in_one_place_make_one_cluster(make_engine):
    engine = make_engine(
        *(supplier(offer(id=number), id=number) for number in range(1, MAX_MAP_FEATURES + 2))
    )
    (cluster,) = engine.map(MapQuery(), NOW).clusters
    assert cluster.count == MAX_MAP_FEATURES + 1
    assert (cluster.point.lat, cluster.point.lon) == pytest.approx((BERGAMO.lat, BERGAMO.lon))


# While typing


def test_completions_are_words_and_categories_that_have_offers(make_engine):
    engine = make_engine(
        supplier(offer("food.fruit.apples", title="Mele renette"), offer("food.cheese.goat", title="Robiola"))
    )
    assert "mele" in engine.suggest("me")
    assert "robiola" in engine.suggest("Rob")
    assert "formaggi caprini" in engine.suggest("capr")
    assert engine.suggest("par") == ()
    assert engine.suggest("zzzz") == ()
    assert engine.suggest("") == ()


def test_completions_are_no_more_than_asked_and_never_repeat(make_engine):
    engine = make_engine(supplier(*(offer(title=f"formaggio{letter} fino") for letter in "abcdefghilmno")))
    completions = engine.suggest("for", limit=5)
    assert len(completions) == len(set(completions)) == 5
    assert engine.suggest("for", limit=0) == ()


# How many


@given(world=worlds.worlds(most=8), asked=worlds.demands(), now=worlds.moments)
@settings(generated, max_examples=10 * FACTOR)
def test_as_many_are_suitable_as_a_match_finds_eligible(make_engine, world, asked, now):
    engine = make_engine(*world)
    without = replace(asked, months=frozenset(), max_distance_km=None)
    expected = tuple(engine.match(one, now).eligible for one in (asked, without))
    assert engine.suitable_counts([asked, without], now) == expected
