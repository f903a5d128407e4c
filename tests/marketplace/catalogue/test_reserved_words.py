"""Words that the law keeps: "biologico" (D.Lgs. 148/2023), "km 0" and "filiera corta" (L. 61/2022)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.reserved_words import (
    RESERVED,
    reserved_words,
    unproven_word,
    without_unproven_words,
)


@pytest.mark.parametrize(
    "text, found",
    [
        ("Mele bio", ("bio",)),
        ("MELE BIO", ("BIO",)),
        ("Mele biologiche", ("biologiche",)),
        ("Miele biologico e pane Biologico", ("biologico", "Biologico")),
        ("bio, bio e ancora bio", ("bio",)),
        ("bio-ortaggi", ("bio-ortaggi",)),
        ("Verdura “bio”", ("bio",)),
        ("da agricoltura biologica", ("biologica",)),
        ("biologicamente coltivato", ("biologicamente",)),
        ("Organic honey", ("Organic",)),
        ("prodotto b.i.o.", ()),
        ("Biodiversità coltivata", ()),
        ("Biografia di un mugnaio", ()),
        ("lotta biotecnica", ()),
        ("Il distretto, antibiotici mai", ()),
        ("agroecologico, senza pesticidi (dichiarato)", ()),
        ("", ()),
    ],
)
def test_the_words_of_organic_farming_are_found_and_others_are_not(text, found):
    assert tuple(one.word for one in reserved_words(text)) == found


@given(
    st.text(), st.sampled_from(["bio", "BIO", "biologico", "Biologica", "biologici", "organic"]), st.text()
)
def test_such_a_word_between_others_is_always_found(before, word, after):
    assert word in {one.word for one in reserved_words(f"{before} {word} {after}")}


@given(st.text())
def test_what_is_found_stands_in_the_text(text):
    assert all(one.word in text for one in reserved_words(text))


@pytest.mark.parametrize(
    "text, criterion",
    [
        ("Mele a km 0", "zero_km"),
        ("Mele a KM0", "zero_km"),
        ("pane a Km. Zero", "zero_km"),
        ("prodotti a chilometro zero", "zero_km"),
        ("a chilometri zero!", "zero_km"),
        ("verdura a 0 km", "zero_km"),
        ("latte kmzero", "zero_km"),
        ("di filiera corta", "short_chain"),
        ("filiere  cortissime", "short_chain"),
        ("a 12 km da te", None),
        ("a 10 km da Bergamo", None),
        ("a km 0,5 dal paese", None),
        ("passo 1.0 km", None),
        ("la filiera del latte è corta", None),
        ("Km 01 della statale", None),
    ],
)
def test_the_words_of_the_short_chain_are_found_in_every_spelling(text, criterion):
    found = unproven_word(text, ())
    assert (found and found.criterion) == criterion


def test_a_word_stands_where_its_own_criterion_is_proven():
    assert unproven_word("Mele bio a km 0", {"organic"}).criterion == "zero_km"
    assert unproven_word("Mele bio a km 0", {"organic", "zero_km"}) is None


@pytest.mark.parametrize(
    "text, left",
    [
        ("Mele bio a km 0, sfuse", "Mele, sfuse"),
        ("Pane (bio) di filiera corta", "Pane"),
        ("Miele biologico", "Miele"),
        ("bio", ""),
    ],
)
def test_what_is_left_without_them_reads_on(text, left):
    assert without_unproven_words(text, ()) == left
    assert without_unproven_words(text, RESERVED) == text
