"""Our own engine. Facets, and the suppliers for the map with them, are asked for in ``facets`` only, as of the others."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from marketplace.bench.ways.way import FacetCounts, Setting
from marketplace.bench.workload import NOW
from search.demand import Demand
from search.documents import SupplierDocument
from search.embedded import EmbeddedEngine
from search.embedded.building import builders
from search.queries import MapQuery, SearchQuery


class EmbeddedWay:
    name = "embedded"
    #: Processes that build at once.
    builders = builders()

    def __init__(self, setting: Setting) -> None:
        self._engine = EmbeddedEngine(
            setting.folder, setting.tree, setting.criteria, dict(setting.comune_names)
        )

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
