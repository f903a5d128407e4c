"""Words that nobody uses, in every engine: taken for a beginning, then for a misspelling."""

import pytest

from search.queries import SearchQuery
from tests.search.factories import NOW, offer, supplier


@pytest.fixture
def catalogue(make_engine):
    return make_engine(
        supplier(offer(id=1, title="Formaggella di monte"), offer(id=2, title="Caffè torrefatto")),
        supplier(offer("food.fruit.apples", id=3, title="Biciclette usate"), name="Ciclofficina"),
    )


def found(engine, text):
    page = engine.search(SearchQuery(text), NOW)
    return {hit.offer_id for hit in page.hits}, page.did_you_mean


@pytest.mark.parametrize(
    ("typed", "meant", "offers"),
    [
        ("formagella", "formaggella", {1}),
        ("formagela di monte", "formaggella di monte", {1}),
        ("biciclete", "biciclette", {3}),
        ("caffé", None, {2}),
        ("Cafè", "caffè", {2}),
        ("alimentrai", "alimentari", {1, 2, 3}),
        ("ciclofficcina", "ciclofficina", {3}),
    ],
)
def test_a_misspelt_word_is_found_and_spelt_right(catalogue, typed, meant, offers):
    assert found(catalogue, typed) == (offers, meant)


@pytest.mark.parametrize("typed", ["formag", "bicicl", "torref"])
def test_an_unfinished_word_is_completed_and_not_corrected(catalogue, typed):
    offers, meant = found(catalogue, typed)
    assert len(offers) >= 1
    assert meant is None


@pytest.mark.parametrize("typed", ["xqzwkj", "12345", "zz", "x" * 200])
def test_a_word_near_to_none_finds_nothing(catalogue, typed):
    assert found(catalogue, typed) == (set(), None)


def test_a_word_without_any_likeness_is_left_out_of_a_longer_text(catalogue):
    assert found(catalogue, "formaggella xqzwkj")[0] == {1}


def test_a_required_word_is_never_left_out(catalogue):
    assert found(catalogue, "formaggella AND xqzwkj")[0] == set()


def test_what_is_gone_is_not_proposed(catalogue):
    catalogue.rebuild([supplier(offer(id=9, title="Altro"))])
    assert found(catalogue, "biciclete") == (set(), None)
    assert catalogue.suggest("bici") == ()


def test_words_keep_their_accents_in_completions(catalogue):
    assert "caffè" in catalogue.suggest("caf")
    assert "formaggella" in catalogue.suggest("formagg")


def test_completions_go_on_from_whole_words(catalogue):
    assert catalogue.suggest("biciclette us") == ("biciclette usate",)
    assert catalogue.suggest("formaggella us") == ()
