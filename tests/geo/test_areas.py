import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.areas import (
    AreaIndex,
    ComuniArea,
    Place,
    PolygonArea,
    ProvinceArea,
    RadiusArea,
    km_outside,
)
from geo.distance import haversine_km
from geo.points import Point
from tests.geo.strategies import local_points, points

BERGAMO, CLUSONE = Point(45.6983, 9.6773), Point(45.8869, 9.9517)
SQUARE = PolygonArea(shapely.box(9.0, 45.0, 10.0, 46.0))


@given(points(), points())
def test_a_radius_covers_its_border(centre, point):
    assert RadiusArea(haversine_km(centre, point), centre).covers(Place(point))


def test_a_radius_ends_beyond_its_border():
    km = haversine_km(BERGAMO, CLUSONE)
    area = RadiusArea(km - 0.001, BERGAMO)
    assert not area.covers(Place(CLUSONE))
    assert area.km_outside(Place(CLUSONE)) == pytest.approx(0.001)
    assert RadiusArea(km, BERGAMO).km_outside(Place(CLUSONE)) == 0


def test_a_radius_of_nothing_covers_its_centre():
    assert RadiusArea(0, BERGAMO).covers(Place(BERGAMO))


@pytest.mark.parametrize("km", [-1, math.nan, math.inf, 1e9, True, "5", None, 10**400])
def test_a_radius_out_of_range_is_refused(km):
    with pytest.raises(ValueError):
        RadiusArea(km, BERGAMO)


def test_comuni_match_by_code_and_have_no_distance():
    area = ComuniArea(frozenset({"016077", "016024"}))
    assert area.covers(Place(Point(0, 0), comune="016077"))
    assert not area.covers(Place(CLUSONE, comune="016190"))
    assert not area.covers(Place(CLUSONE))
    assert area.km_outside(Place(CLUSONE)) is None


@pytest.mark.parametrize("code", ["16077", "0160770", "01607a", "", "０１６０７７", 16077, None])
def test_a_code_that_is_not_of_istat_is_refused(code):
    with pytest.raises(ValueError):
        ComuniArea(frozenset({code}))


def test_a_province_matches_by_its_sigla():
    assert ProvinceArea("BG").covers(Place(Point(0, 0), province="BG"))
    assert not ProvinceArea("BG").covers(Place(CLUSONE, province="BS"))
    assert ProvinceArea("BG").km_outside(Place(CLUSONE)) is None


@pytest.mark.parametrize("sigla", ["bg", "B", "BGG", "", "B1", "ÀÈ", None])
def test_a_sigla_that_is_none_is_refused(sigla):
    with pytest.raises(ValueError):
        ProvinceArea(sigla)


@pytest.mark.parametrize("lat, lon", [(45.5, 9.5), (45.0, 9.0), (46.0, 9.5), (45.5, 10.0)])
def test_a_polygon_covers_its_inside_and_its_border(lat, lon):
    assert SQUARE.covers(Place(Point(lat, lon)))
    assert SQUARE.km_outside(Place(Point(lat, lon))) == 0


def test_a_hole_is_outside():
    ring = PolygonArea(shapely.box(9, 45, 10, 46) - shapely.box(9.4, 45.4, 9.6, 45.6))
    assert not ring.covers(Place(Point(45.5, 9.5)))
    assert ring.covers(Place(Point(45.5, 9.4)))
    assert 0 < ring.km_outside(Place(Point(45.5, 9.5))) < 12


def test_a_polygon_edge_is_straight_in_degrees_and_not_a_great_circle():
    wide = PolygonArea(shapely.box(0, 40, 40, 45))
    assert not wide.covers(Place(Point(45.0001, 20)))  # the great circle bulges to 46.8


def test_kilometres_outside_a_polygon_are_local():
    north = SQUARE.km_outside(Place(Point(46.1, 9.5)))
    assert north == pytest.approx(haversine_km(Point(46.1, 9.5), Point(46.0, 9.5)), rel=1e-3)
    east = SQUARE.km_outside(Place(Point(45.5, 10.1)))
    assert east == pytest.approx(haversine_km(Point(45.5, 10.1), Point(45.5, 10.0)), rel=1e-3)


def test_the_pole_has_a_distance_too():
    assert math.isfinite(SQUARE.km_outside(Place(Point(90, 0))))


def test_several_areas_are_missed_by_the_least_of_their_distances():
    place = Place(CLUSONE, "016077", "BG")
    far, near = RadiusArea(5, BERGAMO), RadiusArea(25, BERGAMO)
    assert km_outside([far, near, ProvinceArea("BS")], place) == near.km_outside(place)
    assert km_outside([far, ProvinceArea("BG")], place) == 0
    assert km_outside([ProvinceArea("BS")], place) is None
    assert km_outside([], place) is None


def _polygons():
    def around(point, size, hole):
        outer = shapely.Point(point.lon, point.lat).buffer(size, quad_segs=4)
        return PolygonArea(outer - shapely.Point(point.lon, point.lat).buffer(size / 2) if hole else outer)

    return st.builds(around, local_points(), st.floats(0.01, 0.4), st.booleans())


def _areas():
    codes = st.frozensets(st.sampled_from(["016001", "016024", "016077"]), max_size=3)
    return st.one_of(
        st.builds(RadiusArea, st.floats(0, 60), local_points()),
        st.builds(ComuniArea, codes),
        st.builds(ProvinceArea, st.sampled_from(["BG", "BS"])),
        _polygons(),
    )


def _places(where):
    return st.builds(
        Place, where, st.sampled_from([None, "016001", "016024"]), st.sampled_from([None, "BG", "LC"])
    )


@given(st.lists(st.tuples(_areas(), st.integers(1, 6)), max_size=25), _places(local_points()))
def test_the_index_says_what_every_area_says(owned, place):
    areas, owners = [area for area, _ in owned], [owner for _, owner in owned]
    index = AreaIndex.build(areas, owners)
    covering = [position for position, area in enumerate(areas) if area.covers(place)]
    assert index.positions_covering(place).tolist() == covering
    assert index.covering(place).tolist() == sorted({owners[position] for position in covering})
    assert len(index) == len(areas)


@given(
    st.lists(st.lists(st.tuples(_areas(), st.integers(0, 3)), max_size=8), min_size=1, max_size=4),
    _places(local_points()),
)
def test_indexes_merged_say_what_they_said_apart(several, place):
    apart = [AreaIndex.build([area for area, _ in owned], [owner for _, owner in owned]) for owned in several]
    shifts = [4 * number for number in range(len(apart))]
    merged = AreaIndex.merged(apart, shifts)
    starts = np.cumsum([0, *map(len, apart)]).tolist()
    assert merged.positions_covering(place).tolist() == [
        start + position
        for start, index in zip(starts, apart, strict=False)
        for position in index.positions_covering(place).tolist()
    ]
    assert merged.covering(place).tolist() == [
        shift + owner
        for shift, index in zip(shifts, apart, strict=True)
        for owner in index.covering(place).tolist()
    ]
    assert len(merged) == starts[-1]


@given(st.lists(st.builds(RadiusArea, st.floats(0, 20_000), points()), max_size=15), _places(points()))
def test_the_index_knows_poles_and_antimeridian(areas, place):
    index = AreaIndex.build(areas, range(len(areas)))
    assert index.covering(place).tolist() == [i for i, area in enumerate(areas) if area.covers(place)]


def test_a_circle_over_the_antimeridian_is_found():
    index = AreaIndex.build([RadiusArea(100, Point(0, 179.9))], [7])
    assert index.covering(Place(Point(0, -179.9))).tolist() == [7]


def test_a_place_at_exactly_the_radius_is_in_the_index_too():
    places = [Place(Point(45.5 + i / 977, 9.5 + i / 1009)) for i in range(400)]
    areas = [RadiusArea(haversine_km(BERGAMO, place.point), BERGAMO) for place in places]
    index = AreaIndex.build(areas, range(len(areas)))
    assert all(i in index.covering(place) for i, place in enumerate(places))


def test_an_empty_index_covers_nothing():
    found = AreaIndex.build([], []).covering(Place(BERGAMO, "016024", "BG"))
    assert found.tolist() == []
    assert found.dtype == np.int64


def test_every_area_needs_an_owner():
    with pytest.raises(ValueError):
        AreaIndex.build([ProvinceArea("BG")], [])
