"""Km zero and short chain by L. 61/2022: 70 km or the same province, both ends of the chain, one intermediary."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.distance import geodesic_km
from geo.points import Point
from marketplace.evidence.short_chain import ChainPlace, ChainRule, is_short_chain, km_zero

RULE = ChainRule(Decimal(70), 1)
BERGAMO = Point(45.69525, 9.66951)


def place(lat=45.69525, lon=9.66951, province="BG", grown=True, processed=True, name="Campo"):
    return ChainPlace(name, Point(lat, lon), province, grown, processed)


def test_a_field_beside_the_market_is_at_zero_kilometres():
    assert km_zero([place()], BERGAMO, "BG", RULE).met


def test_the_same_province_counts_however_far():
    far = place(lat=46.5, lon=10.5)
    assert geodesic_km(far.point, BERGAMO) > 70
    assert km_zero([far], BERGAMO, "BG", RULE).met
    assert not km_zero([far], BERGAMO, "MI", RULE).met


def test_the_radius_counts_whatever_the_province():
    assert km_zero([place(province="LC")], BERGAMO, "BG", RULE).met


def test_one_far_place_is_enough_to_lose_the_word():
    answer = km_zero(
        [place(), place(lat=38.1, lon=13.4, province="PA", name="Agrumeto")], BERGAMO, "BG", RULE
    )
    assert not answer.met
    assert answer.farthest.name == "Agrumeto"
    assert answer.farthest_km > 800


@pytest.mark.parametrize("grown, processed", [(True, False), (False, True), (False, False)])
def test_half_a_chain_is_none(grown, processed):
    half = [place(grown=grown, processed=processed)]
    assert not km_zero(half, BERGAMO, "BG", RULE).met
    assert not is_short_chain(half, 0, RULE)


def test_without_places_nothing_is_said():
    assert not km_zero([], BERGAMO, "BG", RULE).met
    assert not is_short_chain([], 0, RULE)


@pytest.mark.parametrize("count, short", [(None, False), (0, True), (1, True), (2, False), (-1, False)])
def test_at_most_one_intermediary(count, short):
    assert is_short_chain([place()], count, RULE) is short


points = st.builds(Point, st.floats(36, 47), st.floats(7, 18))
places = st.lists(
    st.builds(
        ChainPlace,
        st.text("abc", max_size=3),
        points,
        st.sampled_from(["BG", "MI", None]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
)


@given(places, points, st.sampled_from(["BG", "MI", None]))
def test_order_never_matters_and_another_near_place_never_harms(held, at, province):
    answer = km_zero(held, at, province, RULE)
    assert km_zero(held[::-1], at, province, RULE).met == answer.met
    if answer.met:
        assert km_zero([*held, ChainPlace("x", at, None, True, False)], at, province, RULE).met


@given(places, points, points)
def test_without_provinces_the_farthest_place_decides(held, at, other):
    held = [ChainPlace(p.name, p.point, None, True, True) for p in held]
    answer = km_zero(held, at, "BG", RULE)
    assert answer.met == (bool(held) and answer.farthest_km <= 70)


@given(places, points, st.integers(1, 200), st.integers(0, 200))
def test_a_wider_law_never_takes_the_word_away(held, at, radius, more):
    narrow = km_zero(held, at, "BG", ChainRule(Decimal(radius), 1))
    wide = km_zero(held, at, "BG", ChainRule(Decimal(radius + more), 1))
    assert not narrow.met or wide.met
