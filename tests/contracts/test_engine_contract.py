"""How every engine searches, tried on each of them (:mod:`tests.contracts.engine_makers`).

Sets of results and counts must be right to the last; the order of free text is each engine's own.
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.points import Point
from search.queries import MAX_MAP_FEATURES, MAX_PER_PAGE, SearchQuery
from tests.contracts import browsing_oracle as oracle
from tests.contracts.engine_asking import KINDS, every_hit, generated, ids, queries
from tests.search import worlds
from tests.search.factories import BERGAMO, NOW, claim, offer, supplier

CLUSONE = Point(45.89, 9.95)
UNUSED_WORD = "zz"  # too short to be taken for the beginning of a word, or for a misspelt one


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
