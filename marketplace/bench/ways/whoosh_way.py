"""Whoosh's own searcher, with the suppliers' areas kept beside it as an application on Whoosh would."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from geo.areas import Area
from geo.distance import haversine_km
from geo.points import Point
from marketplace.bench.ways.flat_offers import CATEGORY, CONTEXT, DESCRIPTION, TITLE, Flattener
from marketplace.bench.ways.way import HITS, FacetCounts, Setting
from marketplace.bench.workload import NOW
from search.demand import Demand
from search.documents import SupplierDocument
from search.embedded.whoosh_searcher import WhooshSearcher
from search.queries import MapQuery, SearchQuery
from search.query_text import ENOUGH
from search.text import stems

BOOSTS = {"title": TITLE, "description": DESCRIPTION, "category_text": CATEGORY, "context": CONTEXT}


class WhooshWay:
    name = "whoosh"

    def __init__(self, setting: Setting) -> None:
        self._tree = setting.tree
        self._flattener = Flattener(setting.tree, setting.criteria, setting.comune_names, NOW)
        self._whoosh = WhooshSearcher(setting.folder / "index")
        self._file = setting.folder / "suppliers.pickle"
        self._suppliers: dict[int, tuple[Point, tuple[Area, ...]]] | None = None

    def build(self, suppliers: Iterable[SupplierDocument]) -> None:
        kept: dict[int, tuple[Point, tuple[Area, ...]]] = {}

        def passing_by() -> Iterator[SupplierDocument]:
            for supplier in suppliers:
                kept[supplier.id] = (supplier.seat, supplier.areas)
                yield supplier

        self._whoosh.build((asdict(row) for row in self._flattener.offers(passing_by())), BOOSTS)
        self._file.write_bytes(pickle.dumps(kept))

    def text(self, query: SearchQuery) -> Sequence[int]:
        words = stems(query.text)
        found = self._whoosh.best(words, HITS)
        return found if len(found) >= ENOUGH or len(words) == 1 else self._whoosh.best_of_any(words, HITS)

    def text_place_criteria(self, query: SearchQuery) -> Sequence[int]:
        return self._whoosh.best_near(stems(query.text), HITS, query.near, query.radius_km, query.criteria)

    def facets(self, query: SearchQuery) -> FacetCounts:
        counts = self._whoosh.facets(stems(query.text), query.near)
        return {**counts, "category": self._with_those_above(counts["category"])}

    def _with_those_above(self, own: dict[str, int]) -> dict[str, int]:
        totals: dict[str, int] = {}
        for code, count in own.items():
            for each in (code, *self._tree.ancestors(code)):
                totals[each] = totals.get(each, 0) + count
        return totals

    def map_box(self, query: MapQuery) -> int:
        return len(self._whoosh.suppliers_in(query.bbox))

    def match_30km(self, demand: Demand) -> Sequence[int]:
        """Whoosh finds who has an offer in category; how far that is, and who delivers here, is done in Python."""
        asked = self._tree.similarities([demand.lots[0].category])
        found = []
        suppliers = self._placed()
        for supplier_id in self._whoosh.suppliers_with(asked):
            seat, areas = suppliers[supplier_id]
            km = haversine_km(seat, demand.place.point)
            if km <= demand.max_distance_km and any(area.covers(demand.place) for area in areas):
                found.append((km, supplier_id))
        return [supplier_id for _, supplier_id in sorted(found)]

    def publish(self, supplier: SupplierDocument) -> None:
        self._placed()[supplier.id] = (supplier.seat, supplier.areas)
        self._whoosh.replace(supplier.id, [asdict(row) for row in self._flattener.offers([supplier])])

    def _placed(self) -> dict[int, tuple[Point, tuple[Area, ...]]]:
        if self._suppliers is None:
            self._suppliers = pickle.loads(self._file.read_bytes())
        return self._suppliers
