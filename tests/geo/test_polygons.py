import json
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.areas import Place, PolygonArea
from geo.points import Point
from geo.polygons import MAX_RINGS, MAX_VERTICES, parse_polygon

SQUARE = [[9.0, 45.0], [10.0, 45.0], [10.0, 46.0], [9.0, 46.0], [9.0, 45.0]]
HOLE = [[9.4, 45.4], [9.6, 45.4], [9.6, 45.6], [9.4, 45.6], [9.4, 45.4]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def circle(vertices):
    ring = [
        [10 + math.cos(2 * math.pi * i / (vertices - 1)), 45 + math.sin(2 * math.pi * i / (vertices - 1))]
        for i in range(vertices - 1)
    ]
    return polygon([*ring, ring[0]])


@pytest.mark.parametrize(
    "geojson",
    [
        polygon(SQUARE),
        json.dumps(polygon(SQUARE)),
        {"type": "Feature", "properties": {}, "geometry": polygon(SQUARE)},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": polygon(SQUARE)}]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        polygon([[*position, 812.5] for position in SQUARE]),
    ],
)
def test_a_polygon_comes_as_geometry_feature_or_collection(geojson):
    assert parse_polygon(geojson).area == pytest.approx(1)


def test_holes_are_kept():
    area = PolygonArea.parse(polygon(SQUARE, HOLE))
    assert not area.covers(Place(Point(45.5, 9.5)))
    assert area.covers(Place(Point(45.2, 9.2)))


def test_fifty_thousand_vertices_are_the_most():
    assert shapely.get_num_coordinates(parse_polygon(circle(MAX_VERTICES))) == MAX_VERTICES
    with pytest.raises(ValueError, match="too many vertices"):
        parse_polygon(circle(MAX_VERTICES + 1))


def test_vertices_are_counted_over_all_rings():
    ring = circle(30_000)["coordinates"][0]
    with pytest.raises(ValueError, match="too many vertices"):
        parse_polygon({"type": "MultiPolygon", "coordinates": [[ring], [ring]]})


def test_rings_are_counted_because_judging_nested_ones_is_slow():
    def nested(count):
        shells = [
            [[i, i], [90 - 2 * i, i], [i, 90 - 2 * i], [i, i]] for i in (n * 1e-3 for n in range(count))
        ]
        return {"type": "MultiPolygon", "coordinates": [[shell] for shell in shells]}

    with pytest.raises(ValueError, match="Nested shells"):
        parse_polygon(nested(MAX_RINGS))
    with pytest.raises(ValueError, match="too many parts and holes"):
        parse_polygon(nested(MAX_RINGS + 1))


@pytest.mark.parametrize(
    "geojson, reason",
    [
        (polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "not valid"),
        (polygon(SQUARE, [[20, 20], [21, 20], [21, 21], [20, 20]]), "not valid"),
        (polygon(SQUARE[:-1]), "ends where it starts"),
        (polygon([[0, 0], [1, 1], [0, 0]]), "four positions"),
        (polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), "not valid|encloses nothing"),
        (polygon([[0, 0], [181, 0], [181, 1], [0, 0]]), "out of range"),
        (polygon([[45, 91], [46, 91], [46, 92], [45, 91]]), "out of range"),
        (polygon([[math.nan, 0], [1, 0], [1, 1], [math.nan, 0]]), "out of range"),
        (polygon([[10**400, 0], [1, 0], [1, 1], [10**400, 0]]), "out of range"),
        (polygon([["9", "45"], [1, 0], [1, 1], ["9", "45"]]), "pair of numbers"),
        (polygon([[True, False], [1, 0], [1, 1], [True, False]]), "pair of numbers"),
        (polygon([9, 45, 10, 46]), "pair of numbers"),
        (polygon([[9]] * 4), "pair of numbers"),
        (polygon(), "at least one ring"),
        (polygon("abcd"), "not a list"),
        ({"type": "Polygon", "coordinates": None}, "no list"),
        ({"type": "Polygon"}, "no list"),
        ({"type": "MultiPolygon", "coordinates": []}, "no polygon"),
        ({"type": "MultiPolygon", "coordinates": [7]}, "at least one ring"),
        ({"type": "Point", "coordinates": [9, 45]}, "Polygon or MultiPolygon"),
        ({"type": "GeometryCollection", "geometries": []}, "Polygon or MultiPolygon"),
        ({"type": "Feature", "geometry": None}, "Polygon or MultiPolygon"),
        ({"type": "FeatureCollection", "features": []}, "one feature"),
        ({"type": ["Polygon"], "coordinates": []}, "Polygon or MultiPolygon"),
        ({}, "Polygon or MultiPolygon"),
        ([], "GeoJSON object"),
        ("[", "not readable"),
        ("[" * 100_000, "not readable"),
        ("null", "GeoJSON object"),
        ("9" * 5_000_000, "too many vertices"),
    ],
)
def test_what_is_no_area_is_refused_with_the_reason(geojson, reason):
    with pytest.raises(ValueError, match=reason):
        parse_polygon(geojson)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometry", "features"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection"]), _JSON)
def test_any_json_is_a_polygon_or_a_value_error(kind, anything):
    for geojson in (
        anything,
        {"type": kind, "coordinates": anything, "geometry": anything, "features": [anything]},
    ):
        try:
            assert parse_polygon(geojson).area > 0
        except ValueError:
            pass
