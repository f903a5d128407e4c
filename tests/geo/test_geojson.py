import json

import pytest
import shapely
from hypothesis import given

from geo.geojson import feature, feature_collection, point_feature, polygon_geometry
from geo.points import BBox, Point
from geo.polygons import parse_polygon
from tests.geo.strategies import points


def test_a_point_is_longitude_first_and_rounded_to_a_metre():
    assert point_feature(Point(45.123456789, 9.987654321), {"kind": "gas"}, id=7) == {
        "type": "Feature",
        "id": 7,
        "properties": {"kind": "gas"},
        "geometry": {"type": "Point", "coordinates": [9.98765, 45.12346]},
    }


def test_a_feature_may_have_no_place_and_no_id():
    assert feature(None, {}) == {"type": "Feature", "properties": {}, "geometry": None}


def test_a_collection_keeps_what_is_said_beside_its_features():
    collection = feature_collection(iter([]), bbox=BBox(9, 45, 10, 46), total=0)
    assert collection == {"type": "FeatureCollection", "bbox": [9, 45, 10, 46], "total": 0, "features": []}


def test_a_polygon_turns_counter_clockwise_and_can_be_read_back():
    clockwise = shapely.Polygon([(9, 45), (9, 46), (10.000001, 46), (9, 45)])
    geometry = polygon_geometry(clockwise)
    assert geometry["coordinates"][0][0] == geometry["coordinates"][0][-1]
    assert shapely.Polygon(geometry["coordinates"][0]).exterior.is_ccw
    assert parse_polygon(json.dumps(geometry)).area == pytest.approx(0.5, abs=1e-5)


def test_holes_and_parts_are_written():
    shape = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    assert len(polygon_geometry(shape)["coordinates"]) == 2
    assert polygon_geometry(shapely.MultiPolygon([shape, shapely.box(5, 5, 6, 6)]))["type"] == "MultiPolygon"


@given(points())
def test_a_feature_is_json_within_range(point):
    lon, lat = json.loads(json.dumps(point_feature(point, {})))["geometry"]["coordinates"]
    assert Point(lat, lon)
