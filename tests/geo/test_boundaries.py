import gzip
import json

import pytest
import shapely

from geo.boundaries import Boundaries, topology_features
from geo.comuni import DATA
from geo.points import Point

# Two unit squares side by side; the shared edge is arc 1, walked backwards (~1) by the right one.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [10, 40]},
    "arcs": [
        [[2, 2], [-2, 0], [0, -2], [2, 0]],
        [[2, 0], [0, 2]],
        [[2, 0], [2, 0], [0, 2], [-2, 0]],
    ],
    "objects": {
        "squares": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "L"}},
                {"type": "MultiPolygon", "arcs": [[[2, -2]]], "properties": {"code": "R"}},
            ],
        }
    },
}


def test_a_topology_is_decoded_with_its_shared_arcs():
    (left, west), (right, east) = topology_features(TOPOLOGY, "squares")
    assert (left["code"], right["code"]) == ("L", "R")
    assert west.equals(shapely.box(10, 40, 11, 41))
    assert east.equals(shapely.box(11, 40, 12, 41))
    assert shapely.coverage_is_valid([west, east])


def test_arcs_without_a_transform_are_positions():
    plain = {
        "arcs": [[[0, 0], [1, 0], [1, 1], [0, 0]]],
        "objects": {"one": {"geometries": [{"type": "Polygon", "arcs": [[0]]}]}},
    }
    assert [polygon.area for _, polygon in topology_features(plain, "one")] == [0.5]


def test_a_line_is_no_boundary():
    topology = {"arcs": [], "objects": {"one": {"geometries": [{"type": "LineString", "arcs": [0]}]}}}
    with pytest.raises(ValueError):
        list(topology_features(topology, "one"))


def test_a_point_lies_in_one_boundary_and_on_a_shared_border_in_the_lowest():
    boundaries = Boundaries(["B", "A"], [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    assert boundaries.code_at(Point(0.5, 0.5)) == "B"
    assert boundaries.code_at(Point(0.5, 1.0)) == "A"
    assert boundaries.code_at(Point(0.5, 3.0)) is None
    assert boundaries.polygon("B").area == 1
    with pytest.raises(KeyError):
        boundaries.polygon("C")


def test_a_point_off_the_coast_has_a_nearest_boundary():
    boundaries = Boundaries(["B"], [shapely.box(0, 0, 1, 1)])
    assert boundaries.nearest_code(Point(0.5, 1.005), max_degrees=0.01) == "B"
    assert boundaries.nearest_code(Point(0.5, 0.5), max_degrees=0.01) == "B"
    assert boundaries.nearest_code(Point(0.5, 1.02), max_degrees=0.01) is None


@pytest.mark.parametrize("file", ["comuni_lombardia.geojson", "province_italia.geojson"])
def test_the_simplified_boundaries_still_fit_together_and_are_light(file):
    content = (DATA / file).read_bytes()
    polygons = shapely.from_geojson(
        [json.dumps(feature["geometry"]) for feature in json.loads(content)["features"]]
    )
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert len(gzip.compress(content, mtime=0)) <= 150_000
