import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.names import key_of, loose_key, pattern_of, spellings, squeezed


@pytest.mark.parametrize(
    "name", ["Sant'Angelo", "SANT’ANGELO", "sant angelo", "Sant-Angelo", " Sant`Angelo. "]
)
def test_spellings_of_one_name_have_one_key(name):
    assert key_of(name) == "sant angelo"


def test_accents_and_the_german_sharp_s_are_folded():
    assert key_of("Rhêmes-Saint-Georges") == "rhemes saint georges"
    assert key_of("Villnöß") == "villnoss"


def test_a_bilingual_name_answers_to_both_parts_and_the_whole():
    assert spellings("Bolzano/Bozen") == ["bolzano bozen", "bolzano", "bozen"]
    assert spellings("Clusone") == ["clusone"]


def test_little_words_may_fall_but_never_all_of_them():
    assert loose_key("reggio nell emilia") == "reggio emilia"
    assert loose_key("lo") == "lo"


def test_a_squeezed_key_has_no_spaces():
    assert squeezed("villa d alme") == "villadalme"


@pytest.mark.parametrize(
    "text, key",
    [
        ("S. Pellegrino", "san pellegrino"),
        ("S.Anna", "sant anna"),
        ("s maria", "santa maria"),
        ("SS. Cosma", "santi cosma"),
        ("St. Ulrich", "sankt ulrich"),
        ("Cisano B.sco", "cisano bergamasco"),
        ("P.te Nossa", "ponte nossa"),
        ("Almenno S. Bart.", "almenno san bartolomeo"),
        ("Almenno S.S.", "almenno san salvatore"),
    ],
)
def test_an_abbreviation_stands_for_its_words(text, key):
    assert pattern_of(text).fullmatch(key)


def test_an_abbreviation_stands_for_no_other_words():
    assert not pattern_of("S. Pellegrino").fullmatch("sul pellegrino")
    assert not pattern_of("P.te Nossa").fullmatch("pieve nossa")


@pytest.mark.parametrize("text", ["Clusone", "s.", "ss. s.", "a.b", "", "s. " * 40])
def test_without_abbreviations_or_with_nothing_else_there_is_no_pattern(text):
    assert pattern_of(text) is None


@given(st.text())
def test_a_key_is_its_own_key(text):
    assert key_of(key_of(text)) == key_of(text)
