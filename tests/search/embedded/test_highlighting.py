import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.embedded import EmbeddedEngine
from search.embedded.highlighting import highlighted


def hits(pieces):
    return [text for text, is_hit in pieces if is_hit]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Formaggella e formaggio di capra", "formaggi", ["formaggio"]),
        ("Caffè e CAFFE'", "caffe", ["Caffè", "CAFFE"]),
        ("Prodotti dell’orto", "orti", ["orto"]),
        ("Pane di segale", '"pane di segale"', ["Pane", "segale"]),
        ("Miele e polline", "miele NOT polline", ["Miele"]),
        ("Consulenza IT", "it", ["IT"]),
        ("Il miele", "il", []),
        ("", "miele", []),
    ],
)
def test_the_words_sought_are_marked_by_their_stems(text, query, expected):
    pieces = EmbeddedEngine.highlight(text, query)
    assert hits(pieces) == expected
    assert "".join(piece for piece, _ in pieces) == text


def test_a_long_text_is_cut_around_what_was_sought():
    text = "terra " * 200 + "miele di castagno " + "acqua " * 200
    pieces = highlighted(text, "miele castagno", length=120)
    assert hits(pieces) == ["miele", "castagno"]
    assert 30 < sum(len(piece) for piece, _ in pieces) < 200


def test_a_long_text_without_what_was_sought_shows_its_beginning():
    text = "terra e acqua " * 50
    ((piece, is_hit),) = highlighted(text, "miele", length=40)
    assert not is_hit
    assert text.startswith(piece.removesuffix(" …"))
    assert len(piece) <= 42


def test_markup_in_a_text_is_left_to_the_template():
    assert highlighted("<b>miele</b>", "miele") == [("<b>", False), ("miele", True), ("</b>", False)]


@given(text=st.text(max_size=400), query=st.text(max_size=30), length=st.none() | st.integers(1, 100))
def test_any_text_and_any_query_give_pieces(text, query, length):
    pieces = highlighted(text, query, length)
    assert all(isinstance(piece, str) and isinstance(is_hit, bool) for piece, is_hit in pieces)
    if length is None:
        assert "".join(piece for piece, _ in pieces) == text


def test_a_huge_text_and_a_huge_query_are_answered():
    assert highlighted("miele " * 100_000, "miele " * 100_000, length=200)
