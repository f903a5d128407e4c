import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.distance import EARTH_RADIUS_KM, geodesic_km, haversine_km, haversine_km_many
from geo.points import Point
from tests.geo.strategies import points

BERGAMO, MILANO = Point(45.6983, 9.6773), Point(45.4642, 9.19)


def test_bergamo_is_46_km_from_milano():
    assert haversine_km(BERGAMO, MILANO) == pytest.approx(45.9, abs=0.3)


def test_half_the_earth_is_pi_times_its_radius():
    assert haversine_km(Point(0, 0), Point(0, 180)) == pytest.approx(np.pi * EARTH_RADIUS_KM)
    assert haversine_km(Point(90, 0), Point(-90, 50)) == pytest.approx(np.pi * EARTH_RADIUS_KM)


def test_the_antimeridian_is_no_wall():
    assert haversine_km(Point(0, 179.9), Point(0, -179.9)) == pytest.approx(22.24, abs=0.01)


@given(points(), points())
def test_the_haversine_is_within_0_6_percent_of_the_geodesic(a, b):
    geodesic = geodesic_km(a, b)
    assume(geodesic > 1e-3)
    assert haversine_km(a, b) == pytest.approx(geodesic, rel=0.006)


@given(points(), points())
def test_distance_is_the_same_both_ways_and_never_negative(a, b):
    assert haversine_km(a, b) == pytest.approx(haversine_km(b, a), abs=1e-6)
    assert haversine_km(a, b) >= 0
    assert haversine_km(a, a) == 0


@given(points(), st.lists(points(), max_size=30))
def test_distances_in_bulk_are_those_one_by_one(here, many):
    kms = haversine_km_many(here, np.array([p.lat for p in many]), np.array([p.lon for p in many]))
    assert kms.shape == (len(many),)
    assert kms == pytest.approx([haversine_km(here, p) for p in many], abs=1e-6)


def test_somebody_without_a_place_has_no_distance():
    kms = haversine_km_many(BERGAMO, np.array([np.nan, 45.4642]), np.array([np.nan, 9.19]))
    assert np.isnan(kms[0])
    assert kms[1] == pytest.approx(haversine_km(BERGAMO, MILANO))
