"""What every engine must do, tried on each of them (:mod:`tests.contracts.engine_makers`).

Sets of results and counts must be right to the last; the order of free text is each engine's own.
"""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.points import BBox, Point
from search.columns import Columns
from search.queries import MAX_MAP_FEATURES, MAX_PER_PAGE, MapQuery, SearchQuery
from search.ranking import rank
from tests.contracts import browsing_oracle as oracle
from tests.contracts.engine_makers import MAKERS
from tests.search import worlds
from tests.search.factories import BERGAMO, CRITERIA, NOW, TREE, claim, demand, offer, supplier

CLUSONE = Point(45.89, 9.95)
KINDS = ["producer", "caterer", "network"]
UNUSED_WORD = "zz"  # too short to be taken for the beginning of a word, or for a misspelt one

generated = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=list(MAKERS))
def make_engine(request, tmp_path):
    """Makes an engine that holds the given suppliers; each call starts from nothing."""

    def make(*suppliers):
        engine = MAKERS[request.param](Path(mkdtemp(dir=tmp_path)))
        engine.rebuild(suppliers)
        return engine

    return make


def ids(page):
    return {hit.offer_id for hit in page.hits}


def every_hit(engine, query, now=NOW, per_page=MAX_PER_PAGE):
    """All hits, page by page."""
    hits, page = [], 1
    while True:
        answer = engine.search(replace(query, page=page, per_page=per_page), now)
        hits += answer.hits
        if not answer.hits or len(hits) >= answer.total:
            assert len(hits) == answer.total
            return hits
        page += 1


# Found by words


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Formaggella di monte", "formaggelle"),
        ("Uova fresche", "uovo"),
        ("Marmellata di albicocche", "MARMELLATE"),
        ("Caffè macinato", "caffe"),
        ("Prodotti dell'orto", "orto"),
        ("Assistenza IT", "it"),
        ("Confezione da 5 kg", "5kg"),
    ],
)
def test_an_offer_is_found_by_the_stems_of_its_title(make_engine, title, text):
    engine = make_engine(supplier(offer(id=1, title=title), offer(id=2, title="altro")))
    assert ids(engine.search(SearchQuery(text), NOW)) == {1}


@pytest.mark.parametrize("text", ["frutta", "mele", "renetta", "apples"])
def test_an_offer_is_found_by_the_names_of_its_category_and_of_those_above(make_engine, text):
    engine = make_engine(supplier(offer("food.fruit.apples", id=1), offer("care.parks", id=2)))
    assert ids(engine.search(SearchQuery(text), NOW)) == {1}


def test_an_offer_is_found_by_its_description_its_organisation_and_its_comune(make_engine):
    engine = make_engine(
        supplier(offer(id=1, description="Segale macinata a pietra"), comune="016091"),
        supplier(offer(id=2), name="Cascina Rondine"),
    )
    for text, expected in (("segale", 1), ("clusone", 1), ("rondini", 2)):
        assert ids(engine.search(SearchQuery(text), NOW)) == {expected}


@pytest.mark.parametrize("text", ["03222321", "03222321-7"])
def test_a_cpv_code_finds_the_offers_of_its_categories(make_engine, text):
    engine = make_engine(
        supplier(
            offer("food.fruit.apples", id=1), offer("food.fruit.pears", id=2), offer("food.cheese", id=3)
        )
    )
    assert ids(engine.search(SearchQuery(text), NOW)) == {1, 2}


def test_a_phrase_needs_its_words_in_order(make_engine):
    engine = make_engine(
        supplier(offer(id=1, title="Pane di segale"), offer(id=2, title="Segale per pane")),
    )
    assert ids(engine.search(SearchQuery('"pane di segale"'), NOW)) == {1}


def test_or_and_not_are_understood(make_engine):
    engine = make_engine(
        supplier(
            offer(id=1, title="Miele"), offer(id=2, title="Polline"), offer(id=3, title="Miele e polline")
        ),
    )
    assert ids(engine.search(SearchQuery("miele OR polline"), NOW)) == {1, 2, 3}
    assert ids(engine.search(SearchQuery("miele AND polline"), NOW)) == {3}
    assert ids(engine.search(SearchQuery("miele NOT polline"), NOW)) == {1}
    assert ids(engine.search(SearchQuery("-miele"), NOW)) == {2}


def test_the_label_of_a_criterion_finds_the_offers_that_hold_it(make_engine):
    engine = make_engine(
        supplier(offer(id=1), claims=(claim("organic"),)),
        supplier(offer(id=2), claims=(claim("organic", expires=date(2026, 4, 14)),)),
        supplier(offer(id=3), offer(id=4, claims=(claim("organic"),))),
    )
    assert ids(engine.search(SearchQuery("organic"), NOW)) == {1, 4}


def test_what_nobody_may_see_is_never_found(make_engine):
    engine = make_engine(
        supplier(offer(id=1, title="miele", published=False), offer(id=2, title="miele")),
        supplier(offer(id=3, title="miele"), active=False),
    )
    for query in (SearchQuery(), SearchQuery("miele"), SearchQuery('"miele"'), SearchQuery("miel")):
        assert ids(engine.search(query, NOW)) == {2}
    assert engine.search(SearchQuery(), NOW).total == 1


@pytest.mark.parametrize("text", ["il di per", "((((", "***", '""'])
def test_a_text_that_means_nothing_leaves_all_offers(make_engine, text):
    engine = make_engine(supplier(offer(id=1), offer(id=2)))
    assert engine.search(SearchQuery(text), NOW).total == 2


@pytest.mark.parametrize(
    "text",
    [
        "*a*",
        "????*",
        "[a TO z]",
        "x~9",
        "a" * 1_000_000,
        "(" * 1_000 + "miele" + ")" * 1_000,
        "NOT " * 500,
        "NOT miele " * 500,
        '"' * 999,
        "\x00\ud800 \U0010ffff",
        "-" * 300,
        "miele OR " * 100,
        " ".join(f"parola{number}" for number in range(100)),
    ],
)
def test_a_hostile_text_is_answered(make_engine, text):
    engine = make_engine(supplier(offer(id=1, title="miele")))
    page = engine.search(SearchQuery(text), NOW)
    assert page.total in (0, 1)
    engine.suggest(text)


@given(
    world=worlds.worlds(most=8),
    texts=st.lists(st.sampled_from([*worlds.WORDS, "alfa", "bergamo", UNUSED_WORD]), min_size=1, max_size=4),
    kinds=st.lists(st.sampled_from(KINDS), min_size=8, max_size=8),
    data=st.data(),
)
@generated
def test_results_and_facets_are_those_of_brute_force(make_engine, world, texts, kinds, data):
    world = [replace(one, kinds=frozenset({kind})) for one, kind in zip(world, kinds, strict=False)]
    engine = make_engine(*world)
    for text in ("", " ".join(texts)):
        query = data.draw(queries(text))
        now = data.draw(worlds.moments)
        expected = oracle.found(world, query, now)
        page = engine.search(query, now)
        assert {hit.offer_id for hit in every_hit(engine, query, now)} == {one.offer.id for one in expected}
        assert page.total == len(expected)
        assert (
            page.facets.category,
            page.facets.criterion,
            page.facets.kind,
            page.facets.distance,
        ) == oracle.facets(expected, query, now)
        assert set(page.supplier_ids) == {one.supplier.id for one in expected}
        for hit in page.hits:
            one = next(one for one in expected if one.offer.id == hit.offer_id)
            assert hit.supplier_id == one.supplier.id
            assert hit.distance_km == (None if one.km(query) is None else pytest.approx(one.km(query)))


@st.composite
def queries(draw, text):
    """A search with some filters."""
    near = draw(st.none() | worlds.points)
    boxes = st.sampled_from([BBox(9.60, 45.70, 9.67, 45.75), BBox(9.0, 45.0, 10.0, 46.0)])
    return SearchQuery(
        text=text,
        near=near,
        radius_km=draw(st.sampled_from([None, 0.0, 7.0, 15.0])) if near else None,
        bbox=draw(st.none() | st.none() | boxes),
        categories=tuple(draw(st.lists(st.sampled_from(worlds.CATEGORIES), max_size=2))),
        criteria=tuple(draw(st.lists(st.sampled_from([one.code for one in CRITERIA]), max_size=1))),
        kinds=tuple(draw(st.lists(st.sampled_from(KINDS), max_size=2))),
        month=draw(st.none() | st.integers(1, 12)),
    )


# Order and pages


def test_offers_come_nearest_first_where_nothing_else_is_asked(make_engine):
    engine = make_engine(
        supplier(offer(id=1), seat=CLUSONE),
        supplier(offer(id=2), seat=BERGAMO),
        supplier(offer(id=3), seat=None),
    )
    hits = engine.search(SearchQuery(near=BERGAMO), NOW).hits
    assert [hit.offer_id for hit in hits] == [2, 1, 3]
    assert [hit.distance_km for hit in hits] == [0.0, pytest.approx(30.2, abs=0.3), None]


def test_of_equal_texts_the_nearer_comes_first(make_engine):
    engine = make_engine(
        supplier(offer(id=1, title="miele"), seat=CLUSONE), supplier(offer(id=2, title="miele"), seat=BERGAMO)
    )
    assert [hit.offer_id for hit in engine.search(SearchQuery("miele", near=CLUSONE), NOW).hits] == [1, 2]
    assert [hit.offer_id for hit in engine.search(SearchQuery("miele", near=BERGAMO), NOW).hits] == [2, 1]


def test_an_offer_with_all_the_words_comes_before_one_with_some(make_engine):
    engine = make_engine(
        supplier(
            offer(id=1, title="miele di castagno"),
            offer(id=2, title="miele"),
            offer(id=3, title="miele millefiori"),
        ),
    )
    hits = engine.search(SearchQuery("miele castagno"), NOW).hits
    assert hits[0].offer_id == 1
    assert hits[0].score >= hits[1].score


@pytest.mark.parametrize("query", [SearchQuery(), SearchQuery("miele"), SearchQuery("miele", near=BERGAMO)])
def test_pages_have_neither_gaps_nor_repeats(make_engine, query):
    world = [
        supplier(
            *(offer(id=10 * number + each, title="miele di castagno"[: 5 + each]) for each in range(5)),
            seat=Point(45.6 + 0.01 * (number % 7), 9.6),
        )
        for number in range(1, 25)
    ]
    engine = make_engine(*world)
    whole = [hit.offer_id for hit in every_hit(engine, query)]
    assert len(whole) == len(set(whole)) == 120
    for per_page in (1, 7, 50):
        assert [hit.offer_id for hit in every_hit(engine, query, per_page=per_page)] == whole


@pytest.mark.parametrize(("page", "per_page"), [(0, 20), (-1, 20), (10**18, 20), (1, 0), (1, -5), (1, 10**9)])
def test_a_page_that_cannot_be_is_clamped_or_empty(make_engine, page, per_page):
    engine = make_engine(supplier(*(offer(id=number) for number in range(1, 151))))
    answer = engine.search(SearchQuery(page=page, per_page=per_page), NOW)
    assert answer.total == 150
    assert len(answer.hits) <= MAX_PER_PAGE


def test_the_suppliers_beside_the_list_are_those_of_all_results_in_order(make_engine):
    world = [
        supplier(offer(), offer(), id=number, seat=Point(45.0 + number / 1000, 9.6))
        for number in range(1, MAX_MAP_FEATURES + 51)
    ]
    engine = make_engine(*world)
    page = engine.search(SearchQuery(near=Point(45.0, 9.6), per_page=1), NOW)
    assert page.supplier_ids == tuple(range(1, MAX_MAP_FEATURES + 1))


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
