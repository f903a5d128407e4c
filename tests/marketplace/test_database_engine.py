"""The engine that reads the plain database: a match to the last digit the same, a search with the same results."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.points import BBox, Point
from marketplace.database_engine import DatabaseEngine
from search.memory import World
from search.queries import MAX_PER_PAGE, MapQuery, SearchQuery
from search.text import stems
from tests.search import worlds
from tests.search.factories import BERGAMO, CRITERIA, NOW, TREE, claim, offer, supplier
from tests.support.sql import counted_statements
from tests.support.stored_documents import store

CLUSONE = Point(45.89, 9.95)
generated = settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def stored(session):
    """Stores suppliers and answers an engine that reads them."""

    def make(*documents):
        store(session, documents)
        return DatabaseEngine(TREE, CRITERIA, lambda: session)

    return make


def ids(page):
    return [hit.offer_id for hit in page.hits]


def in_savepoint(session, documents, ask):
    """What ``ask`` answers of an engine over these documents, which are gone afterwards."""
    savepoint = session.begin_nested()
    try:
        store(session, documents)
        return ask(DatabaseEngine(TREE, CRITERIA, lambda: session))
    finally:
        savepoint.rollback()
        session.expunge_all()


@generated
@given(world=worlds.worlds(), demand=worlds.demands(), now=worlds.moments)
def test_a_match_is_exactly_that_of_the_documents(session, world, demand, now):
    answer = in_savepoint(session, world, lambda engine: engine.match(demand, now, None, None))
    assert answer == World(world, TREE, CRITERIA).match(demand, now)


@generated
@given(
    world=worlds.worlds(),
    text=worlds.texts,
    categories=st.lists(st.sampled_from(worlds.CATEGORIES), max_size=2, unique=True),
    criteria=st.lists(st.sampled_from([one.code for one in CRITERIA]), max_size=1),
    month=st.sampled_from([None, 1, 4, 7]),
    radius=st.sampled_from([None, 8.0]),
    now=worlds.moments,
)
def test_a_search_finds_what_has_the_words_and_passes_the_filters(
    session, world, text, categories, criteria, month, radius, now
):
    query = SearchQuery(
        text,
        BERGAMO,
        radius,
        categories=tuple(categories),
        criteria=tuple(criteria),
        month=month,
        per_page=MAX_PER_PAGE,
    )
    with_words = in_savepoint(session, world, lambda engine: engine.search(query, now))
    without = in_savepoint(
        session, world, lambda engine: engine.search(SearchQuery(near=BERGAMO, per_page=MAX_PER_PAGE), now)
    )
    public = {one.id: one for each in world if each.active for one in each.offers if one.published}
    assert set(ids(without)) == set(public)
    assert with_words.total == len(ids(with_words))
    assert with_words.degraded
    for offer_id in ids(with_words):
        found = public[offer_id]
        assert not categories or any(
            found.category == code or found.category.startswith(f"{code}.") for code in categories
        )
        assert month is None or not found.months or month in found.months
        if stems(text):
            path = [found.category, *TREE.ancestors(found.category)]
            names = " ".join(
                f"{TREE[code].label('it')} {' '.join(TREE[code].synonyms('it'))}" for code in path
            )
            has = set(
                stems(
                    f"{found.title} {found.description} {names} {' '.join(TREE[code].label('en') for code in path)}"
                )
            )
            assert has & set(stems(text))


def test_what_the_database_answers_is_marked_as_degraded(stored):
    assert stored(supplier(offer())).search(SearchQuery(), NOW).degraded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("formaggella", [1]),
        ("FORMAGGELLE", [1]),
        ("caprino", [1]),
        ("formaggi", [1, 2]),
        ("alimentari", [1, 2, 3]),
        ("15540000", [1, 2]),
        ("15540000-3", [1, 2]),
        ("renetta NOT mele", []),
        ("alimentari -mele", [1, 2]),
        ("formaggella OR mele", [1, 3]),
        ("formaggella mele", [1, 3]),
        ("formaggella AND mele", []),
        ('"formaggella capra"', [1]),
        ("astronave", []),
        ("formaggella astronave", [1]),
        ("il di per", [1, 2, 3]),
        ("((((***", [1, 2, 3]),
        ("%", [1, 2, 3]),
        ("100%", []),
    ],
)
def test_words_are_sought_in_texts_and_in_the_names_of_categories(stored, text, found):
    engine = stored(
        supplier(
            offer(id=1, title="Formaggella", description="di capra", category="food.cheese.goat"),
            offer(id=2, title="Stracchino", category="food.cheese.cow"),
            offer(id=3, title="Golden", category="food.fruit.apples"),
        )
    )
    assert sorted(ids(engine.search(SearchQuery(text), NOW))) == found


@pytest.mark.parametrize(
    "text", ["*a*", "????*", "[a TO z]", "x~9", "x" * 256, "(" * 256, "NOT " * 64, "\x00", "a\\_%"]
)
def test_a_hostile_text_is_answered(stored, text):
    assert stored(supplier(offer(title="a"))).search(SearchQuery(text), NOW).total >= 0


def test_facets_count_all_results_and_not_the_page(stored):
    engine = stored(
        supplier(
            offer(), offer("food.fruit.apples"), kinds=frozenset({"producer"}), claims=(claim("organic"),)
        ),
        supplier(offer(), seat=CLUSONE, kinds=frozenset({"caterer", "producer"})),
        supplier(offer(claims=(claim("organic", expires=date(2020, 1, 1)),)), seat=None),
    )
    page = engine.search(SearchQuery(near=BERGAMO, per_page=1), NOW)
    assert (page.total, len(page.hits)) == (4, 1)
    assert page.facets.category["food"] == 4
    assert page.facets.category["food.cheese"] == 3
    assert page.facets.criterion == {"organic": 2}
    assert page.facets.kind == {"producer": 3, "caterer": 1}
    assert page.facets.distance == {5.0: 2, 70.0: 1}


def test_the_nearest_come_first_and_the_unplaced_last(stored):
    engine = stored(
        supplier(offer(id=1), seat=None),
        supplier(offer(id=2), seat=CLUSONE),
        supplier(offer(id=3), seat=BERGAMO),
    )
    page = engine.search(SearchQuery(near=BERGAMO), NOW)
    assert ids(page) == [3, 2, 1]
    assert [hit.distance_km is None for hit in page.hits] == [False, False, True]


@pytest.mark.parametrize(("page", "per_page"), [(0, 20), (-1, 20), (10**18, 20), (1, 0), (1, -5), (1, 10**9)])
def test_a_page_that_cannot_be_is_clamped_or_empty(stored, page, per_page):
    answer = stored(supplier(offer(), offer())).search(SearchQuery(page=page, per_page=per_page), NOW)
    assert answer.total == 2
    assert len(answer.supplier_ids) == 1


def test_the_map_has_who_is_in_the_box_and_passes_the_filters(stored):
    engine = stored(
        supplier(offer(), id=1),
        supplier(offer("care.parks"), id=2),
        supplier(offer(), id=3, seat=CLUSONE),
        supplier(offer(), id=4, seat=None),
        supplier(offer(), id=5, active=False),
        supplier(id=6),
    )
    around = BBox(9.6, 45.6, 9.7, 45.8)
    assert engine.map(MapQuery(around), NOW).supplier_ids == (1, 2)
    assert engine.map(MapQuery(around, categories=("food",)), NOW).supplier_ids == (1,)
    assert engine.map(MapQuery(), NOW).total == 3


def test_suggestions_are_titles_that_begin_so(stored):
    engine = stored(
        supplier(offer(title="Mele renette"), offer(title="mele golden"), offer(title="Pere", published=True))
    )
    assert set(engine.suggest("MEL")) == {"Mele renette", "mele golden"}
    assert engine.suggest("mel", limit=1) != ()
    for nothing in ("", "  ", "\x00", "%", "_"):
        assert engine.suggest(nothing) == ()


def test_what_is_asked_of_the_database_does_not_grow_with_the_suppliers(app, session, stored):
    engine = stored(supplier(offer()))
    with counted_statements(app) as few:
        engine.search(SearchQuery("formaggi"), NOW)
    store(session, [supplier(offer(), offer(), claims=(claim("organic"),)) for _number in range(20)])
    with counted_statements(app) as many:
        engine.search(SearchQuery("formaggi"), NOW)
    assert len(many) == len(few) <= 8
