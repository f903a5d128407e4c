"""areas.csv: where organisations deliver or work."""

import json
from pathlib import Path

import shapely

from geo.areas import MAX_RADIUS_KM
from geo.polygons import MAX_GEOJSON_CHARACTERS, parse_polygon
from marketplace.district.dataset.cells import Cells
from marketplace.district.dataset.reference import Reference
from marketplace.district.dataset.rows import AreaRow
from marketplace.district.dataset.values import items, key, one_of, scaled, weekdays
from marketplace.organisations.models import AreaKind

#: What says where, by kind of area: the columns that it needs, and those that it may have.
SHAPES = {
    AreaKind.RADIUS: (("radius_km",), ("around",)),
    AreaKind.COMUNI: (("comuni",), ()),
    AreaKind.PROVINCE: (("province",), ()),
    AreaKind.POLYGON: (("polygon",), ()),
}
_SHAPE_COLUMNS = ("radius_km", "around", "comuni", "province", "polygon")


def read_area(cells: Cells, reference: Reference, folder: Path, provinces: frozenset[str]) -> AreaRow | None:
    """One area, or None. ``folder`` is where the files of polygons lie."""
    row = {
        "line": cells.line,
        "organisation": cells.parsed("organisation", key, needed=True),
        "key": cells.parsed("key", key),
        "kind": cells.parsed("kind", one_of(tuple(AreaKind)), needed=True),
        "minimum_cents": cells.parsed("minimum", scaled(2, most=10**11)),
        "days": cells.parsed("days", weekdays),
    }
    if row["kind"] is None:
        return None
    needed, allowed = SHAPES[AreaKind(row["kind"])]
    for column in _SHAPE_COLUMNS:
        if cells.raw(column) and column not in needed + allowed:
            cells.refuse(column, f"an area of kind {row['kind']} does not use this column; leave it empty")
    if row["kind"] == AreaKind.RADIUS:
        most = int(MAX_RADIUS_KM) * 1000
        row["radius_m"] = cells.parsed("radius_km", scaled(3, least=1, most=most), needed=True)
        centre = cells.parsed("around", reference.place)
        if centre is not None:
            row |= {"lat": centre.point.lat, "lon": centre.point.lon}
    elif row["kind"] == AreaKind.COMUNI:
        row["codes"] = cells.parsed("comuni", lambda text: _comuni(text, reference), needed=True)
    elif row["kind"] == AreaKind.PROVINCE:
        row["codes"] = cells.parsed("province", lambda text: _provinces(text, provinces), needed=True)
    else:
        row["polygon"] = cells.parsed("polygon", lambda text: _polygon(text, folder), needed=True)
    return AreaRow(**row) if cells.good else None


def _comuni(text: str, reference: Reference) -> list[str]:
    codes = set()
    for item in items(text):
        comune = reference.place(item).comune
        if comune is None:
            raise ValueError(f"{item!r} is not a comune")
        codes.add(comune)
    return sorted(codes)


def _provinces(text: str, provinces: frozenset[str]) -> list[str]:
    """Sigle of provinces, one or more."""
    found = {item.upper() for item in items(text)}
    for sigla in sorted(found - provinces):
        raise ValueError(f"{sigla!r} is not the sigla of a province, such as BG")
    return sorted(found)


def _polygon(text: str, folder: Path) -> dict:
    """A GeoJSON geometry out of the cell itself, or out of a file of the folder that the cell names."""
    if not text.startswith("{"):
        # a bare name: a path could lead out of the folder
        if Path(text).name != text or not text.endswith((".geojson", ".json")):
            raise ValueError("write GeoJSON, or the name of a .geojson file that lies beside areas.csv")
        try:
            if (folder / text).stat().st_size > MAX_GEOJSON_CHARACTERS:
                raise ValueError(f"the file {text} is too large for one area")
            text = (folder / text).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise ValueError(f"the file {text} cannot be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise ValueError(f"the file {text} is not in UTF-8") from None
    return json.loads(shapely.to_geojson(parse_polygon(text)))
