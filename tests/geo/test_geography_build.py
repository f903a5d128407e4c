"""The script that makes `data/geo`, on two invented comuni that share a border."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "data" / "build" / "geography.py"
HEADER = "istat,name,province,sigla,region,catastale,lat,lon,population,caps,nuts3\n"


def _topology(name, properties):
    return {
        "type": "Topology",
        "arcs": [
            [[1, 1], [0, 1], [0, 0], [1, 0]],
            [[1, 0], [1, 1]],
            [[1, 0], [2, 0], [2, 1], [1, 1]],
        ],
        "objects": {
            name: {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[2, -2]], "properties": properties[1]},
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": properties[0]},
                ],
            }
        },
    }


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "comuni_italia.csv").write_text(
        HEADER
        + "016002,Destra,Bergamo,BG,Lombardia,X002,0.5,1.5,10,24002 24001,\n"
        + "016001,Sinistra,Brescia,BS,Lombardia,X001,0.5,0.5,20,,\n",
        encoding="utf-8",
    )
    ring = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]
    fine = {"properties": {"istat": "016001"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (folder / "comuni_bergamo.geojson").write_text(json.dumps({"features": [fine]}))
    comuni = _topology("comuni", [{"com_istat_code": "016001"}, {"com_istat_code": "016002"}])
    (folder / "comuni_lombardia.topo.json").write_text(json.dumps(comuni))
    provinces = _topology(
        "provinces",
        [{"prov_acr": "BS", "prov_istat_code": "017"}, {"prov_acr": "BG", "prov_istat_code": "016"}],
    )
    (folder / "province_italia.topo.json").write_text(json.dumps(provinces))
    return folder


def _run(source, target):
    command = [sys.executable, SCRIPT, source, "--to", target]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_files_are_made_in_order_and_the_same_each_time(source, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for target in (first, second):
        result = _run(source, target)
        assert result.returncode == 0, result.stderr
    names = sorted(path.name for path in first.iterdir())
    assert names == [
        "comuni.csv",
        "comuni_bergamo.geojson",
        "comuni_lombardia.geojson",
        "province_italia.geojson",
    ]
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)
    with (first / "comuni.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["istat"], row["caps"]) for row in rows] == [("016001", ""), ("016002", "24001 24002")]
    comuni = json.loads((first / "comuni_lombardia.geojson").read_text())["features"]
    assert [feature["properties"] for feature in comuni] == [
        {"istat": "016001", "name": "Sinistra"},
        {"istat": "016002", "name": "Destra"},
    ]
    provinces = json.loads((first / "province_italia.geojson").read_text())["features"]
    assert [feature["properties"]["sigla"] for feature in provinces] == ["BG", "BS"]


def test_a_name_with_lost_letters_stops_the_build(source, tmp_path):
    path = source / "comuni_italia.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Destra", "De?tra"), encoding="utf-8")
    result = _run(source, tmp_path / "target")
    assert result.returncode != 0
    assert "016002" in result.stderr
