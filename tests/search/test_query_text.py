import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.queries import MAX_QUERY_CHARACTERS
from search.query_text import ENOUGH, Clause, Term, parse_query_text, words_needed
from search.text import stems


def alternatives(text):
    return [[term.stems for term in clause.alternatives] for clause in parse_query_text(text).clauses]


def test_plain_words_are_one_clause_each_and_none_is_required():
    query = parse_query_text("formaggi di capra")
    assert query.clauses == (
        Clause((Term(("formagg",), "formaggi"),)),
        Clause((Term(("capr",), "capra"),)),
    )


def test_a_word_typed_twice_counts_once():
    assert alternatives("mele mela MELE") == [[("mel",)]]


def test_or_joins_its_neighbours_only():
    assert alternatives("mele OR pere biologiche") == [[("mel",), ("per",)], [("biologic",)]]


def test_and_makes_both_sides_required():
    assert [clause.required for clause in parse_query_text("mele AND pere succo").clauses] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("text", ["formaggio NOT capra", "formaggio -capra", "-capra formaggio"])
def test_what_must_not_be_there_is_kept_apart(text):
    query = parse_query_text(text)
    assert [term.stems for term in query.excluded] == [("capr",)]
    assert alternatives(text) == [[("formagg",)]]


def test_a_hyphen_inside_a_word_excludes_nothing():
    assert parse_query_text("agro-alimentare").excluded == ()


@pytest.mark.parametrize("text", ['"pane di segale"', "“pane di segale”", "«pane di segale»"])
def test_a_phrase_is_required_and_keeps_its_order(text):
    assert parse_query_text(text).clauses == (Clause((Term(("pan", "segal")),), required=True),)


def test_a_phrase_of_one_word_is_that_word_required():
    assert parse_query_text('"miele"').clauses == (Clause((Term(("miel",), "miele"),), required=True),)


@pytest.mark.parametrize("text", ["03222321", "03222321-7", "(03222321-7)"])
def test_a_cpv_code_is_not_a_number(text):
    assert [clause.alternatives[0].cpv for clause in parse_query_text(text).clauses] == ["03222321"]


def test_operators_in_small_letters_are_words():
    assert alternatives("mele or pere") == [[("mel",)], [("or",)], [("per",)]]


@pytest.mark.parametrize("text", ["", "   ", "il di per", "((((", "* ? ~", '""', "-", "NOT", "AND OR NOT"])
def test_what_means_nothing_asks_nothing(text):
    assert not parse_query_text(text)


@pytest.mark.parametrize(
    "text",
    ["*formaggio*", "formagg????*", "[formaggio TO z]", "formaggio~9", "title:formaggio", "(((formaggio)))"],
)
def test_signs_of_other_query_languages_are_no_more_than_blanks(text):
    assert ("formagg",) in [stems for clause in alternatives(text) for stems in clause]


def test_what_is_too_long_is_cut():
    assert len(alternatives(f"formaggio {'x' * 1_000_000}")) == 2
    assert parse_query_text(" " * MAX_QUERY_CHARACTERS + "formaggio").clauses == ()


@given(st.text(max_size=300))
def test_no_text_is_an_error(text):
    query = parse_query_text(text)
    for clause in query.clauses:
        assert clause.alternatives
        assert all(term.stems or term.cpv for term in clause.alternatives)


@given(st.lists(st.sampled_from("mele pere miele formaggio pane".split()), min_size=1, unique=True))
def test_plain_words_become_their_stems(several):
    assert alternatives(" ".join(several)) == [[(stem,)] for word in several for stem in stems(word)]


def test_all_words_are_needed_where_enough_offers_have_them():
    assert words_needed([100, 50, ENOUGH], words=2) == 2


def test_fewer_words_are_needed_where_few_offers_have_them_all():
    assert words_needed([100, 50, ENOUGH - 1], words=2) == 1
    assert words_needed([100, 50, ENOUGH, 3, 0], words=4) == 2


def test_one_word_is_always_needed():
    assert words_needed([100, 0], words=1) == 1
    assert words_needed([5, 1, 0], words=2) == 1
