"""A search as people and programs write it in an address: read, clamped, or told; never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from geo.geocoding import Unavailable
from marketplace import engines
from marketplace.explore.parameters import MAX_CHOICES, MAX_PAGE, parse_search
from marketplace.organisations.models import Kind
from search.queries import (
    DEFAULT_PER_PAGE,
    MAX_PER_PAGE,
    MAX_QUERY_CHARACTERS,
    MAX_RADIUS_KM,
)

NAMES = ["q", "near", "radius_km", "bbox", "category", "criteria", "kind", "month", "page", "per_page"]
STRANGE = [
    "", " ", "-1", "0", "-0", "1e5", "1_000", "１２", "²", "NaN", "Infinity", "9" * 5000, str(10**18), str(2**63),
    "\x00", "a\x00b", "🧀", "%", "*", "' or 1=1 --", "<img src=x onerror=alert(1)>", "91,9", "45.7, 9.67",
    "9.67,45.69,9.7,45.7", "nan,nan,nan,nan", "-180,-90,180,90", "food", "organic", "producer", ",,,,", "x" * 10_000,
]  # fmt: skip


def parse(*pairs, geocoder=None):
    return parse_search(
        MultiDict(pairs),
        geocoder=geocoder or engines.gazetteer(),
        tree=engines.categories(),
        criteria=engines.criteria(),
    )


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(STRANGE), st.text(max_size=60)))))
def test_whatever_an_address_says_gives_a_search_within_its_caps(pairs):
    parsed = parse(*pairs)
    query = parsed.query
    assert len(query.text) <= MAX_QUERY_CHARACTERS
    assert "\x00" not in query.text
    assert 1 <= query.page <= MAX_PAGE
    assert 1 <= query.per_page <= MAX_PER_PAGE
    assert query.radius_km is None or (0 < query.radius_km <= MAX_RADIUS_KM and query.near is not None)
    assert query.month is None or 1 <= query.month <= 12
    assert all(code in engines.categories() for code in query.categories)
    assert all(code in engines.criteria() for code in query.criteria)
    assert all(code in set(Kind) for code in query.kinds)
    assert max(len(query.categories), len(query.criteria), len(query.kinds)) <= MAX_CHOICES
    assert all(problem.field in NAMES for problem in parsed.problems)


def test_nothing_asked_is_the_whole_catalogue_from_its_first_page():
    parsed = parse()
    assert parsed.problems == ()
    assert (parsed.query.page, parsed.query.per_page) == (1, DEFAULT_PER_PAGE)


@pytest.mark.parametrize(
    "text, page",
    [
        ("3", 3),
        ("0", 1),
        ("-1", 1),
        (str(10**18), MAX_PAGE),
        ("9" * 5000, MAX_PAGE),
        ("-" + "9" * 5000, MAX_PAGE),
    ],
)
def test_a_page_is_clamped(text, page):
    assert parse(("page", text)).query.page == page


@pytest.mark.parametrize("text", ["x", "1.5", "１２", "1_0", "1e3", "²"])
def test_a_page_that_is_no_number_is_told_and_the_first_is_shown(text):
    parsed = parse(("page", text))
    assert parsed.query.page == 1
    assert parsed.problem("page").code == "malformed"


@pytest.mark.parametrize(
    "text, km", [("5", 5.0), ("12,5", 12.5), ("12.5", 12.5), ("999999999", MAX_RADIUS_KM)]
)
def test_a_radius_is_read_with_either_decimal_mark_and_capped(text, km):
    assert parse(("near", "Clusone"), ("radius_km", text)).query.radius_km == km


@pytest.mark.parametrize("text", ["0", "-5", "1e5", "NaN", "Infinity", "１２", "5 km"])
def test_a_radius_that_is_no_distance_is_told(text):
    parsed = parse(("near", "Clusone"), ("radius_km", text))
    assert parsed.query.radius_km is None
    assert parsed.problem("radius_km").code == "malformed"


def test_a_radius_without_a_place_is_told():
    assert parse(("radius_km", "10")).problem("radius_km").code == "needs_place"


def test_a_radius_around_a_place_that_is_not_understood_is_told_once():
    parsed = parse(("near", "Nessunluogo"), ("radius_km", "10"))
    assert [problem.field for problem in parsed.problems] == ["near"]


def test_a_name_that_several_places_bear_asks_back():
    problem = parse(("near", "Samone")).problem("near")
    assert problem.code == "ambiguous"
    assert {candidate.province for candidate in problem.candidates} == {"TN", "TO"}


def test_a_misspelt_place_proposes_what_is_near():
    problem = parse(("near", "Clusonne")).problem("near")
    assert problem.code == "not_found"
    assert "Clusone (BG)" in [candidate.label for candidate in problem.candidates]


def test_a_geocoder_that_does_not_answer_leaves_the_rest_of_the_search():
    class Silent:
        def geocode(self, text):
            raise Unavailable(text)

    parsed = parse(("q", "miele"), ("near", "Clusone"), geocoder=Silent())
    assert parsed.query.text == "miele"
    assert parsed.problem("near").code == "unavailable"


@pytest.mark.parametrize("text", ["91, 9", "45.7, 181", "NaN, NaN", "45.7"])
def test_coordinates_that_are_none_are_no_place(text):
    assert parse(("near", text)).place is None


@pytest.mark.parametrize(
    "text", ["nan,nan,nan,nan", "9,45,8,44", "9,45,10", "9,45,10,91", "9,46,10,45", "a,b,c,d", "9,45,inf,46"]
)
def test_a_box_that_is_none_is_told(text):
    parsed = parse(("bbox", text))
    assert parsed.query.bbox is None
    assert parsed.problem("bbox").code == "malformed"


def test_the_whole_world_is_a_box():
    assert parse(("bbox", "-180,-90,180,90")).query.bbox is not None


def test_filters_may_be_repeated_or_joined_by_commas_and_unknown_ones_are_told():
    parsed = parse(("criteria", "organic,fair_trade"), ("criteria", "organic"), ("criteria", "shiny"))
    assert parsed.query.criteria == ("organic", "fair_trade")
    assert [(problem.field, problem.value) for problem in parsed.problems] == [("criteria", "shiny")]


def test_a_long_text_is_cut_and_said_to_be():
    parsed = parse(("q", "a " * 1000))
    assert len(parsed.query.text) <= MAX_QUERY_CHARACTERS
    assert parsed.problem("q").code == "too_long"
