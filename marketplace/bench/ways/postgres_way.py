"""Our engine within PostgreSQL, in a database of its own for each folder.

``postgres`` as it comes, with what a process remembers between questions; ``postgres-anew`` remembers nothing, so
that every question is asked of the server. Where both are measured, they share one index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from marketplace.bench.server_time import ServerTime
from marketplace.bench.ways.postgres_server import database_for, database_name
from marketplace.bench.ways.way import FacetCounts, Setting
from marketplace.bench.workload import NOW
from search.demand import Demand
from search.documents import SupplierDocument
from search.queries import MapQuery, SearchQuery


class PostgresWay:
    name = "postgres"
    remembered_offers: int | None = None

    def __init__(self, setting: Setting) -> None:
        from search.postgres import PostgresEngine, open_engine

        remembered = {} if self.remembered_offers is None else {"remembered_offers": self.remembered_offers}
        self._engine = PostgresEngine(
            open_engine(database_for(setting.folder)),
            setting.tree,
            setting.criteria,
            dict(setting.comune_names),
            **remembered,
        )
        self.server_time = ServerTime(database_name(setting.folder))

    def build(self, suppliers: Iterable[SupplierDocument]) -> None:
        self._engine.rebuild(suppliers)

    def text(self, query: SearchQuery) -> Sequence[int]:
        return [hit.offer_id for hit in self._engine.search(replace(query, counted=False), NOW).hits]

    text_place_criteria = text

    def facets(self, query: SearchQuery) -> FacetCounts:
        facets = self._engine.search(query, NOW).facets
        return {
            "category": facets.category,
            "criterion": facets.criterion,
            "kind": facets.kind,
            "distance": facets.distance,
        }

    def map_box(self, query: MapQuery) -> int:
        return self._engine.map(query, NOW).total

    def match_30km(self, demand: Demand) -> Sequence[int]:
        return [match.supplier_id for match in self._engine.match(demand, NOW).matches]

    def publish(self, supplier: SupplierDocument) -> None:
        self._engine.add([supplier])


class PostgresAnewWay(PostgresWay):
    name = "postgres-anew"
    index_of = "postgres"
    remembered_offers = 0
