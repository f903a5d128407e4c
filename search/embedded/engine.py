"""The default engine: a Whoosh index in a folder, read into numpy columns by every process that searches."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

from geo.distance import haversine_km_many
from geo.points import Point
from search.answer import Answer
from search.browsing import kilometres, page_of, score_found
from search.catalogue_words import respelled
from search.clusters import map_of, map_of_placed
from search.constants import DEFAULT_MATCHES, DEFAULT_NEAR_MISSES
from search.counting import suitable_counts
from search.criteria import CriteriaRegister
from search.demand import Demand, InvalidDemand
from search.documents import SupplierDocument
from search.embedded.folder import IndexFolder
from search.embedded.highlighting import Pieces, highlighted
from search.embedded.reading import IndexReader, View
from search.embedded.text_search import TextHits
from search.embedded.writing import IndexWriter
from search.engine import EngineUnavailable
from search.facets import NOTHING_COUNTED, count_facets
from search.filters import passing, suppliers_passing
from search.judging import rome_day
from search.offer_stems import OfferAnalysis
from search.queries import MapAnswer, MapQuery, Page, SearchQuery
from search.query_text import parse_query_text
from search.ranking import rank
from search.taxonomy import CategoryTree

Answered = TypeVar("Answered")


class EmbeddedEngine:
    """The Engine protocol over a folder. One per process; safe to share between threads.

    Reading methods raise :class:`search.engine.EngineUnavailable` where the index is missing, damaged or
    cannot be read; writing methods where it cannot be written now. ``rebuild`` mends whatever happened to
    the folder, as long as it can be written.
    """

    def __init__(
        self,
        folder: Path | str,
        tree: CategoryTree,
        criteria: CriteriaRegister,
        comune_names: Mapping[str, str] | None = None,
    ) -> None:
        """``comune_names`` maps ISTAT codes to names, so that an offer is found by the comune of its seat."""
        self._tree = tree
        self._criteria = criteria
        self._folder = IndexFolder(Path(folder))
        self._reader = IndexReader(self._folder, tree)
        self._writer = IndexWriter(
            self._folder, OfferAnalysis(tree, comune_names or {}), tree.version, self._reader.columns_of
        )

    # Asking

    def search(self, query: SearchQuery, now: datetime) -> Page:
        """A page of the offers found, best first, with the facets of them all."""
        return self._answer(lambda view: self._search(view, query, now))

    def match(
        self,
        demand: Demand,
        now: datetime,
        limit: int | None = DEFAULT_MATCHES,
        near_miss_limit: int | None = DEFAULT_NEAR_MISSES,
    ) -> Answer:
        """The ranked suppliers for a demand. See :func:`search.ranking.rank`."""
        return self._answer(
            lambda view: rank(
                demand,
                view.snapshot.columns,
                tree=self._tree,
                criteria=self._criteria,
                now=now,
                stem_rows=view.snapshot.own_rows,
                limit=limit,
                near_miss_limit=near_miss_limit,
            )
        )

    def suitable_counts(self, demands: Sequence[Demand], now: datetime) -> tuple[int, ...]:
        """How many suppliers are suitable for each demand. See :func:`search.counting.suitable_counts`."""
        return self._answer(
            lambda view: suitable_counts(
                demands, view.snapshot.columns, tree=self._tree, criteria=self._criteria, now=now
            )
        )

    def map(self, query: MapQuery, now: datetime) -> MapAnswer:
        """The suppliers in a box that have an offer which passes the filters, or clusters of them."""
        return self._answer(lambda view: self._map(view, query, now))

    def suggest(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Completions for what is being typed: names of categories, then words, each most used first."""
        return self._answer(lambda view: view.suggester.suggest(prefix, limit))

    def counts(self) -> tuple[int, int]:
        """Suppliers and offers in the index, whether or not anybody may see them."""
        return self._answer(lambda view: (len(view.snapshot.columns), len(view.snapshot.columns.offers)))

    def ids(self) -> tuple[frozenset[int], frozenset[int]]:
        """The ids of the suppliers and of the offers in the index, to be compared with the database's."""
        return self._answer(
            lambda view: (
                frozenset(view.snapshot.columns.supplier_ids.tolist()),
                frozenset(view.snapshot.columns.offers.ids.tolist()),
            )
        )

    def state(self) -> Hashable:
        """Equal as long as every question has the answer that it had. See :class:`search.engine.Engine`."""
        self._reader.view()
        return self._folder.pointer()

    def is_stale(self) -> bool:
        """Whether the index was built with another category tree, whose labels it still answers to."""
        return self._answer(lambda view: view.snapshot.tree_version != self._tree.version)

    @staticmethod
    def highlight(text: str, query: str, length: int | None = None) -> Pieces:
        """The text in pieces, those that the query sought marked. See :func:`highlighted`."""
        return highlighted(text, query, length)

    # Writing

    def add(self, suppliers: Iterable[SupplierDocument]) -> None:
        """Put or replace suppliers whole, visible to every process when it returns."""
        self._writer.add(suppliers)

    def remove(self, supplier_ids: Iterable[int]) -> None:
        """Take suppliers out, visible to every process when it returns."""
        self._writer.remove(supplier_ids)

    def rebuild(self, suppliers: Iterable[SupplierDocument]) -> int:
        """Build afresh beside and swap; the number of offers.

        ``suppliers`` is read only once the folder is locked against other writers: where it is a query that
        runs then, no change that another process has already indexed can be missing from it.
        """
        return self._writer.rebuild(suppliers)

    def _answer(self, ask: Callable[[View], Answered]) -> Answered:
        """The answer of the newest commit. Whatever a damaged index makes of it, :class:`EngineUnavailable` is raised."""
        view = self._reader.view()
        try:
            return ask(view)
        except (InvalidDemand, EngineUnavailable):
            raise
        except Exception as error:
            if self._reader.is_sound():
                raise  # the index is what was written: the fault is in the question or in our code
            raise EngineUnavailable("the index is damaged") from error

    def _search(self, view: View, query: SearchQuery, now: datetime) -> Page:
        snapshot = view.snapshot
        columns = snapshot.columns
        held = snapshot.held(rome_day(now), self._criteria)
        parsed = parse_query_text(query.text)
        hits = view.text_search(held, self._criteria).find(parsed) if parsed else None
        rows = snapshot.shown_rows if hits is None else hits.rows
        supplier_km = _supplier_km(view, query.near, rows)
        passed = passing(columns, rows, query, held, self._tree, supplier_km)
        relevance = None
        if hits is not None and parsed.clauses:
            relevance = (
                hits.relevance if len(passed) == len(rows) else hits.relevance[np.searchsorted(rows, passed)]
            )
        found = score_found(passed, relevance, kilometres(columns, passed, query.near, supplier_km))
        return page_of(
            columns,
            found,
            query,
            count_facets(columns, passed, held, self._tree, found.km) if query.counted else NOTHING_COUNTED,
            did_you_mean=_did_you_mean(view, query.text, hits),
        )

    def _map(self, view: View, query: MapQuery, now: datetime) -> MapAnswer:
        columns = view.snapshot.columns
        if not query.categories and not query.criteria:
            # nothing is asked of single offers, of which there are twelve times as many
            passed = suppliers_passing(columns, query)
            there = view.snapshot.on_the_map
            return map_of_placed(columns, there if passed is None else there & passed)
        held = view.snapshot.held(rome_day(now), self._criteria)
        rows = passing(columns, view.snapshot.shown_rows, query, held, self._tree)
        return map_of(columns, rows)


def _supplier_km(view: View, near: Point | None, rows: np.ndarray) -> np.ndarray | None:
    """The distance of each supplier from ``near``; NaN for those who have none of the offers in ``rows``."""
    if near is None:
        return None
    columns = view.snapshot.columns
    asked = np.zeros(len(columns), dtype=np.bool_)
    asked[columns.offers.supplier[rows]] = True
    suppliers = np.flatnonzero(asked)
    km = np.full(len(columns), np.nan)
    km[suppliers] = haversine_km_many(near, columns.lats[suppliers], columns.lons[suppliers])
    return km


def _did_you_mean(view: View, text: str, hits: TextHits | None) -> str | None:
    if hits is None or not hits.respelt:
        return None
    return respelled(text, {word: view.speller.written(other) for word, other in hits.respelt.items()})
