"""Words that only a certified product may bear (D.Lgs. 148/2023, art. 23)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.organic_words import organic_words


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
    assert organic_words(text) == found


@given(
    st.text(), st.sampled_from(["bio", "BIO", "biologico", "Biologica", "biologici", "organic"]), st.text()
)
def test_such_a_word_between_others_is_always_found(before, word, after):
    assert word in organic_words(f"{before} {word} {after}")


@given(st.text())
def test_what_is_found_stands_in_the_text(text):
    assert all(word in text for word in organic_words(text))
