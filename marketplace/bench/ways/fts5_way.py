"""SQLite alone: FTS5 over the same stems, and hand-written SQL for places, criteria, facets and matches."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import shapely

from geo.areas import ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from geo.points import Point
from marketplace.bench.ways import fts5_sql
from marketplace.bench.ways.boxes import box_around
from marketplace.bench.ways.flat_offers import CATEGORY, CONTEXT, DESCRIPTION, TITLE, FlatOffer, Flattener
from marketplace.bench.ways.way import HITS, FacetCounts, Setting
from marketplace.bench.workload import NOW
from search.demand import Demand
from search.documents import SupplierDocument
from search.queries import MAX_MAP_FEATURES, MapQuery, SearchQuery
from search.query_text import ENOUGH
from search.text import stems

BATCH = 2_000


class Fts5Way:
    name = "fts5"

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._tree = setting.tree
        self._flattener = Flattener(setting.tree, setting.criteria, setting.comune_names, NOW)
        self._connection: sqlite3.Connection | None = None

    def build(self, suppliers: Iterable[SupplierDocument]) -> None:
        self._setting.folder.mkdir(parents=True, exist_ok=True)
        database = self._open()
        database.execute("PRAGMA synchronous=OFF")
        database.executescript(fts5_sql.TABLES)
        with database:
            paths = [
                (node.code, above)
                for node in self._tree
                for above in (node.code, *self._tree.ancestors(node.code))
            ]
            database.executemany("INSERT INTO category_path VALUES (?, ?)", paths)
            kept: list[SupplierDocument] = []

            def passing_by() -> Iterator[SupplierDocument]:
                for supplier in suppliers:
                    kept.append(supplier)
                    if len(kept) == BATCH:
                        self._insert_suppliers(kept)
                        kept.clear()
                    yield supplier

            self._insert_offers(self._flattener.offers(passing_by()))
            self._insert_suppliers(kept)
        database.executescript(fts5_sql.INDEXES)
        database.close()
        self._connection = None

    def text(self, query: SearchQuery) -> Sequence[int]:
        found = self._ids(fts5_sql.TEXT, words=_joined(query.text, "AND"), hits=HITS, **_WEIGHTS)
        if len(found) >= ENOUGH:
            return found
        return self._ids(fts5_sql.TEXT, words=_joined(query.text, "OR"), hits=HITS, **_WEIGHTS)

    def text_place_criteria(self, query: SearchQuery) -> Sequence[int]:
        return self._ids(
            fts5_sql.TEXT_PLACE_CRITERIA,
            words=_joined(query.text, "AND"),
            hits=HITS,
            radius=query.radius_km,
            criterion=query.criteria[0],
            **_place(query.near, query.radius_km),
            **_WEIGHTS,
        )

    def facets(self, query: SearchQuery) -> FacetCounts:
        counts: dict[str, dict[object, int]] = {"category": {}, "criterion": {}, "kind": {}, "distance": {}}
        rows = self._open().execute(
            fts5_sql.FACETS,
            {"words": _joined(query.text, "AND"), "lat": query.near.lat, "lon": query.near.lon},
        )
        for facet, value, count in rows:
            counts[facet][value] = count
        return counts

    def map_box(self, query: MapQuery) -> int:
        box = query.bbox
        edges = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
        rows = self._open().execute(fts5_sql.MAP_BOX, {**edges, "most": MAX_MAP_FEATURES}).fetchall()
        return rows[0][-1] if rows else 0

    def match_30km(self, demand: Demand) -> Sequence[int]:
        asked = self._tree.similarities([demand.lots[0].category])
        return self._ids(
            fts5_sql.MATCH,
            categories=json.dumps(list(asked)),
            criteria=json.dumps([wish.criterion for wish in demand.preferred]),
            comune=demand.place.comune,
            province=demand.place.province,
            radius=demand.max_distance_km,
            **_place(demand.place.point, demand.max_distance_km),
        )

    def publish(self, supplier: SupplierDocument) -> None:
        database = self._open()
        with database:
            offers = [row[0] for row in database.execute(fts5_sql.OFFERS_OF, (supplier.id,))]
            for table, key in fts5_sql.OF_OFFERS:
                database.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(offer,) for offer in offers])
            for table, key in fts5_sql.OF_SUPPLIERS:
                database.execute(f"DELETE FROM {table} WHERE {key} = ?", (supplier.id,))
            self._insert_offers(self._flattener.offers([supplier]))
            self._insert_suppliers([supplier])

    def _ids(self, sql: str, **parameters: object) -> list[int]:
        return [row[0] for row in self._open().execute(sql, parameters)]

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._setting.folder / "fts5.db")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA cache_size=-200000")
            self._connection.create_function("inside", 3, _Polygons(), deterministic=True)
        return self._connection

    def _insert_offers(self, rows: Iterable[FlatOffer]) -> None:
        database = self._open()
        batch: list[FlatOffer] = []

        def flush() -> None:
            database.executemany(
                "INSERT INTO offer VALUES (?, ?, ?)",
                [(row.offer_id, row.supplier_id, row.category) for row in batch],
            )
            database.executemany(
                "INSERT INTO words (rowid, title, description, category, context) VALUES (?, ?, ?, ?, ?)",
                [(row.offer_id, row.title, row.description, row.category_text, row.context) for row in batch],
            )
            database.executemany(
                "INSERT INTO offer_criterion VALUES (?, ?)",
                [(row.offer_id, code) for row in batch for code in row.criteria],
            )
            batch.clear()

        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                flush()
        flush()

    def _insert_suppliers(self, suppliers: Sequence[SupplierDocument]) -> None:
        database = self._open()
        database.executemany(
            "INSERT INTO supplier VALUES (?, ?, ?, ?)",
            [(each.id, each.name, each.seat.lat, each.seat.lon) for each in suppliers],
        )
        database.executemany(
            "INSERT INTO supplier_kind VALUES (?, ?)",
            [(each.id, kind) for each in suppliers for kind in sorted(each.kinds)],
        )
        database.executemany(
            "INSERT INTO area VALUES (?, ?, ?, ?, ?, ?)",
            [row for each in suppliers for area in each.areas for row in _area_rows(each.id, area)],
        )


_WEIGHTS = {"title": TITLE, "description": DESCRIPTION, "category": CATEGORY, "context": CONTEXT}


def _joined(text: str, operator: str) -> str:
    """An FTS5 expression: every stem as a string, joined by AND or OR."""
    return f" {operator} ".join(f'"{stem}"' for stem in dict.fromkeys(stems(text)))


def _area_rows(supplier_id: int, area) -> Iterator[tuple]:
    match area:
        case RadiusArea():
            yield supplier_id, "radius", None, area.km, area.centre.lat, area.centre.lon
        case ComuniArea():
            for code in sorted(area.codes):
                yield supplier_id, "comune", code, None, None, None
        case ProvinceArea():
            yield supplier_id, "province", area.sigla, None, None, None
        case PolygonArea():
            yield (
                supplier_id,
                "polygon",
                shapely.to_wkt(area.polygon, rounding_precision=-1),
                None,
                None,
                None,
            )


class _Polygons:
    """SQL function: whether a polygon (well-known text) covers a point; each text is read once."""

    def __init__(self) -> None:
        self._prepared: dict[str, shapely.Geometry] = {}

    def __call__(self, outline: str, lat: float, lon: float) -> bool:
        polygon = self._prepared.get(outline)
        if polygon is None:
            polygon = self._prepared[outline] = shapely.from_wkt(outline)
            shapely.prepare(polygon)
        return bool(shapely.intersects_xy(polygon, lon, lat))


def _place(point: Point, km: float) -> dict[str, float]:
    box = box_around(point, km)
    edges = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    return {**edges, "lat": point.lat, "lon": point.lon}
