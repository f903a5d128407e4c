"""Make the files of `data/geo` from their sources: `python data/build/geography.py FROM_DIR`.

FROM_DIR holds `comuni_italia.csv`, `comuni_bergamo.geojson`, `comuni_lombardia.topo.json` and
`province_italia.topo.json`; `data/SOURCES.md` says where they come from. The same sources give the
same bytes. What is done to them:

* `comuni.csv`: rows in the order of the ISTAT code, postal codes in ascending order, three Slovene
  names mended whose letters were lost in the source;
* `comuni_bergamo.geojson`: the polygons as they are, in the order of the code;
* `comuni_lombardia.geojson`, `province_italia.geojson`: the topologies decoded and each simplified
  together (Visvalingam), so that neighbours keep one common border without gaps. They are what
  browsers get, so both stay below 150 kB gzipped.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # run by its path, without the project being installed

import numpy as np  # noqa: E402
import shapely  # noqa: E402
from shapely.geometry import shape  # noqa: E402
from shapely.geometry.base import BaseGeometry  # noqa: E402

from geo import geojson  # noqa: E402
from geo.boundaries import topology_features  # noqa: E402

COMUNI_DEGREES, PROVINCES_DEGREES = 0.004, 0.0045
"""Square root of the smallest triangle, in degrees, that a vertex must span to be kept: 350 m, 400 m."""

COLUMNS = (
    "istat",
    "name",
    "province",
    "sigla",
    "region",
    "catastale",
    "lat",
    "lon",
    "population",
    "caps",
    "nuts3",
)

MENDED_NAMES = {
    "031019": "San Floriano del Collio-Števerjan",
    "031022": "Savogna d'Isonzo-Sovodnje ob Soči",
    "032001": "Duino Aurisina-Devin Nabrežina",
}
"""Names by ISTAT code whose letters outside Latin-1 the source has lost."""


def build(source: Path, target: Path) -> None:
    """Write the four files into `target` from the four files in `source`."""
    target.mkdir(parents=True, exist_ok=True)
    comuni = _comuni(source / "comuni_italia.csv")
    _write_comuni(target / "comuni.csv", comuni)
    names = {row["istat"]: row["name"] for row in comuni}

    fine = json.loads((source / "comuni_bergamo.geojson").read_text(encoding="utf-8"))["features"]
    polygons = {item["properties"]["istat"]: shape(item["geometry"]) for item in fine}
    _write_polygons(
        target / "comuni_bergamo.geojson",
        "istat",
        [(istat, names[istat], polygons[istat]) for istat in sorted(polygons)],
    )
    lombardia = _topology(source / "comuni_lombardia.topo.json", "comuni", order="com_istat_code")
    _write_polygons(
        target / "comuni_lombardia.geojson",
        "istat",
        _simplified(
            [(item["com_istat_code"], names[item["com_istat_code"]], polygon) for item, polygon in lombardia],
            COMUNI_DEGREES,
        ),
    )
    provinces = {row["sigla"]: row["province"] for row in comuni}
    # In the order of ISTAT, not of the sigla: neighbours stand close, and gzip saves a fifth.
    italy = _topology(source / "province_italia.topo.json", "provinces", order="prov_istat_code")
    _write_polygons(
        target / "province_italia.geojson",
        "sigla",
        _simplified(
            [(item["prov_acr"], provinces[item["prov_acr"]], polygon) for item, polygon in italy],
            PROVINCES_DEGREES,
        ),
    )


def _comuni(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["istat"])
    for row in rows:
        row["name"] = MENDED_NAMES.get(row["istat"], row["name"])
        row["caps"] = " ".join(sorted(row["caps"].split()))
    broken = [row["istat"] for row in rows if not row["name"].isprintable() or "?" in row["name"]]
    if broken:
        raise SystemExit(f"Names with lost letters: {', '.join(broken)}.")
    return rows


def _write_comuni(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)


def _topology(path: Path, name: str, order: str) -> list[tuple[dict, BaseGeometry]]:
    """Properties and polygons in ascending order of one property."""
    features = topology_features(json.loads(path.read_text(encoding="utf-8")), name)
    return sorted(features, key=lambda item: item[0][order])


def _simplified(
    items: list[tuple[str, str, BaseGeometry]], degrees: float
) -> list[tuple[str, str, BaseGeometry]]:
    """The same items with their polygons simplified together."""
    polygons = np.array([polygon for *_, polygon in items], dtype=object)
    if not shapely.coverage_is_valid(polygons):
        raise SystemExit("The polygons do not fit together; they would be simplified with gaps.")
    simplified = shapely.coverage_simplify(polygons, degrees)
    return [(code, name, polygon) for (code, name, _), polygon in zip(items, simplified, strict=True)]


def _write_polygons(path: Path, key: str, items: Iterable[tuple[str, str, BaseGeometry]]) -> None:
    features = []
    for code, name, polygon in items:
        geometry = geojson.polygon_geometry(polygon)
        if not shapely.is_valid(shape(geometry)):
            raise SystemExit(f"The polygon of {name} is not valid once rounded.")
        features.append(geojson.feature(geometry, {key: code, "name": name}))
    text = json.dumps(geojson.feature_collection(features), ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make data/geo from its sources.")
    parser.add_argument("source", type=Path, metavar="FROM_DIR", help="folder with the four source files")
    parser.add_argument("--to", type=Path, default=ROOT / "data" / "geo", help="default: data/geo")
    arguments = parser.parse_args()
    build(arguments.source, arguments.to)


if __name__ == "__main__":
    main()
