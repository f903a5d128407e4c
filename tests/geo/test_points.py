import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.points import BBox, Point, looks_like_coordinates
from tests.geo.strategies import points


@pytest.mark.parametrize(
    "text",
    [
        "45.69, 9.67",
        "45.69,9.67",
        " 45.69 ; 9.67 ",
        "45.69 9.67",
        "+45.69, +9.67",
        "45,69; 9,67",
        "45,69 9,67",
        "45,69, 9,67",
        "45,69;9,67",
    ],
)
def test_a_point_is_read_as_people_write_it(text):
    assert Point.parse(text) == Point(45.69, 9.67)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "45.69",
        "45,69,9,67",
        "45.69, 9.67, 3",
        "Clusone",
        "nan, 9",
        "inf, 9",
        "1e1, 9",
        "４５, 9",
        "45_0, 9",
        "0x10, 9",
        "45., 9",
        "--45, 9",
        "45.69\x00, 9.67",
        "1" * 5000 + ", 9",
        "45." + "6" * 5000 + ", 9",
    ],
)
def test_what_is_no_point_is_refused(text):
    with pytest.raises(ValueError):
        Point.parse(text)


def test_a_longitude_in_the_place_of_the_latitude_is_named_and_not_swapped():
    with pytest.raises(ValueError, match="swapped"):
        Point.parse("109.67, 45.69")


@pytest.mark.parametrize("lat, lon", [(91, 9), (-90.0001, 9), (45, 181), (45, -180.5), (10**400, 9)])
def test_coordinates_out_of_range_are_refused(lat, lon):
    with pytest.raises(ValueError):
        Point(lat, lon)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None, "45", True, [45], 1j])
def test_only_finite_numbers_are_coordinates(value):
    with pytest.raises(ValueError):
        Point(value, 9)
    with pytest.raises(ValueError):
        Point(45, value)


def test_the_poles_and_the_antimeridian_are_points():
    assert Point(90, 180) == Point(90.0, 180.0)
    assert Point(-90, -180).lat == -90


def test_minus_zero_is_zero():
    assert str(Point(-0.0, -0.0)) == "0.00000, 0.00000"


@given(points())
def test_a_point_survives_being_written_and_read(point):
    again = Point.parse(f"{point.lat:.15f}, {point.lon:.15f}")
    assert again.lat == pytest.approx(point.lat, abs=1e-12)
    assert again.lon == pytest.approx(point.lon, abs=1e-12)


@given(st.text(max_size=30))
def test_any_text_is_a_point_or_a_value_error(text):
    try:
        Point.parse(text)
    except ValueError:
        pass


def test_a_postal_code_does_not_look_like_coordinates():
    assert not looks_like_coordinates("24023")
    assert not looks_like_coordinates("Clusone 12")
    assert looks_like_coordinates("45.69, 9.67")


def test_a_box_is_read_in_the_order_of_geojson():
    assert BBox.parse("9.4, 45.4,10.2,46.1") == BBox(west=9.4, south=45.4, east=10.2, north=46.1)


def test_the_whole_world_is_a_box():
    assert BBox.parse("-180,-90,180,90").contains(Point(-90, 180))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "10.2,45.4,9.4,46.1",
        "9.4,46.1,10.2,45.4",
        "nan,45,10,46",
        "9,45,10,91",
        "-181,45,10,46",
        "9;45;10;46",
        "9,45,10,1e1",
        ",".join(["9" * 5000] * 4),
        None,
    ],
)
def test_a_reversed_or_broken_box_is_refused(text):
    with pytest.raises(ValueError):
        BBox.parse(text)


@given(st.lists(points(), min_size=1, max_size=10))
def test_the_box_around_points_contains_each_of_them(several):
    box = BBox.around(several)
    assert all(box.contains(point) for point in several)


def test_there_is_no_box_around_nothing():
    with pytest.raises(ValueError):
        BBox.around([])
