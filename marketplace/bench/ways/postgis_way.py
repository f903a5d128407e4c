"""PostgreSQL with PostGIS as one would query it by hand: ``tsvector`` over the same stems, and a query for each question."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import make_url

from geo.areas import Area, ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from marketplace.bench.server_time import ServerTime
from marketplace.bench.ways import postgis_sql
from marketplace.bench.ways.flat_offers import FlatOffer, Flattener
from marketplace.bench.ways.postgres_server import database_for, database_name
from marketplace.bench.ways.way import HITS, FacetCounts, Setting
from marketplace.bench.workload import NOW
from search.demand import Demand
from search.documents import SupplierDocument
from search.queries import MAX_MAP_FEATURES, MapQuery, SearchQuery
from search.query_text import ENOUGH
from search.text import stems

if TYPE_CHECKING:
    import psycopg

BATCH = 500


class PostgisWay:
    name = "postgis-sql"

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._tree = setting.tree
        self._flattener = Flattener(setting.tree, setting.criteria, setting.comune_names, NOW)
        self._connection: psycopg.Connection | None = None
        self.server_time = ServerTime(database_name(setting.folder))

    def build(self, suppliers: Iterable[SupplierDocument]) -> None:
        database = self._open()
        with database.transaction():
            for statement in postgis_sql.TABLES.split(";\n"):
                database.execute(statement)
            self._copy(
                "category_path",
                (
                    (node.code, above)
                    for node in self._tree
                    for above in (node.code, *self._tree.ancestors(node.code))
                ),
            )
            remaining = iter(suppliers)
            while batch := list(islice(remaining, BATCH)):
                self._insert(batch)
            for statement in postgis_sql.INDEXES.split(";\n"):
                database.execute(statement)

    def text(self, query: SearchQuery) -> Sequence[int]:
        found = self._ids(postgis_sql.TEXT, words=_joined(query.text, "&"), hits=HITS)
        if len(found) >= ENOUGH:
            return found
        return self._ids(postgis_sql.TEXT, words=_joined(query.text, "|"), hits=HITS)

    def text_place_criteria(self, query: SearchQuery) -> Sequence[int]:
        return self._ids(
            postgis_sql.TEXT_PLACE_CRITERIA,
            words=_joined(query.text, "&"),
            hits=HITS,
            metres=1_000 * query.radius_km,
            criterion=query.criteria[0],
            lat=query.near.lat,
            lon=query.near.lon,
        )

    def facets(self, query: SearchQuery) -> FacetCounts:
        counts: dict[str, dict[object, int]] = {"category": {}, "criterion": {}, "kind": {}, "distance": {}}
        rows = self._open().execute(
            postgis_sql.FACETS,
            {"words": _joined(query.text, "&"), "lat": query.near.lat, "lon": query.near.lon},
        )
        for facet, value, count in rows:
            counts[facet][float(value) if facet == "distance" and value else value] = count
        return counts

    def map_box(self, query: MapQuery) -> int:
        box = query.bbox
        edges = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
        rows = self._open().execute(postgis_sql.MAP_BOX, {**edges, "most": MAX_MAP_FEATURES}).fetchall()
        return rows[0][-1] if rows else 0

    def match_30km(self, demand: Demand) -> Sequence[int]:
        place = demand.place
        return self._ids(
            postgis_sql.MATCH,
            categories=list(self._tree.similarities([demand.lots[0].category])),
            criteria=[wish.criterion for wish in demand.preferred],
            codes=[code for code in (place.comune, place.province) if code],
            metres=1_000 * demand.max_distance_km,
            lat=place.point.lat,
            lon=place.point.lon,
        )

    def publish(self, supplier: SupplierDocument) -> None:
        database = self._open()
        with database.transaction():
            offers = [
                row[0] for row in database.execute("SELECT id FROM offer WHERE supplier = %s", (supplier.id,))
            ]
            for table, key in postgis_sql.OF_OFFERS:
                database.execute(f"DELETE FROM {table} WHERE {key} = ANY(%s)", (offers,))
            for table, key in postgis_sql.OF_SUPPLIERS:
                database.execute(f"DELETE FROM {table} WHERE {key} = %s", (supplier.id,))
            self._insert([supplier])

    def _ids(self, statement: str, **parameters: object) -> list[int]:
        return [row[0] for row in self._open().execute(statement, parameters)]

    def _open(self) -> "psycopg.Connection":
        import psycopg

        if self._connection is None:
            url = make_url(database_for(self._setting.folder)).set(drivername="postgresql")
            self._connection = psycopg.connect(
                url.render_as_string(hide_password=False),
                autocommit=True,
                prepare_threshold=None,
                options="-c jit=off",
            )
        return self._connection

    def _insert(self, suppliers: Sequence[SupplierDocument]) -> None:
        self._copy("supplier", ((each.id, each.name, _point(each.seat)) for each in suppliers))
        self._copy("supplier_kind", ((each.id, kind) for each in suppliers for kind in sorted(each.kinds)))
        for table, rows in _area_rows(suppliers).items():
            self._copy(table, rows)
        offers = list(self._flattener.offers(suppliers))
        self._copy(
            "offer", ((each.offer_id, each.supplier_id, each.category, _words(each)) for each in offers)
        )
        self._copy("offer_criterion", ((each.offer_id, code) for each in offers for code in each.criteria))

    def _copy(self, table: str, rows: Iterable[tuple]) -> None:
        with self._open().cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _area_rows(suppliers: Sequence[SupplierDocument]) -> dict[str, list[tuple]]:
    rows: dict[str, list[tuple]] = {"radius": [], "area_code": [], "polygon": []}
    for supplier in suppliers:
        for area in supplier.areas:
            table, *values = _of_area(area)
            rows[table] += [(supplier.id, *each) for each in values]
    return rows


def _of_area(area: Area) -> tuple:
    """The table of an area, and the rows in it without the supplier."""
    match area:
        case RadiusArea():
            return "radius", (_point(area.centre), 1_000 * area.km)
        case ComuniArea():
            return "area_code", *((code,) for code in sorted(area.codes))
        case ProvinceArea():
            return "area_code", (area.sigla,)
        case PolygonArea():
            return "polygon", (
                shapely.to_wkb(shapely.set_srid(area.polygon, 4326), hex=True, include_srid=True),
            )


def _point(at) -> str:
    return f"SRID=4326;POINT({at.lon!r} {at.lat!r})"


def _words(offer: FlatOffer) -> str:
    """The stems with positions, and the field as the weight."""
    fields = (("A", offer.title), ("C", offer.description), ("B", offer.category_text), ("D", offer.context))
    at, places = 0, {}
    for weight, text in fields:
        for stem in text.split():
            at += 1
            places.setdefault(stem, []).append(f"{at}{weight}")
    return " ".join(f"'{stem}':{','.join(found)}" for stem, found in places.items())


def _joined(text: str, operator: str) -> str:
    return f" {operator} ".join(f"'{stem}'" for stem in dict.fromkeys(stems(text)))
