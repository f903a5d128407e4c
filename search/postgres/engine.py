"""The engine over an index within PostgreSQL: candidates by SQL, judged by the code that judges everywhere."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import numpy as np
import sqlalchemy as sa

from geo.distance import haversine_km_many
from search.answer import Answer
from search.browsing import kilometres, page_of, score_found
from search.catalogue_words import respelled
from search.clusters import map_of, map_of_suppliers
from search.columns import Columns
from search.constants import DEFAULT_MATCHES, DEFAULT_NEAR_MISSES
from search.criteria import CriteriaRegister
from search.demand import Demand
from search.documents import SupplierDocument
from search.engine import EngineUnavailable
from search.facets import NOTHING_COUNTED, count_facets
from search.filters import in_box_of, passing
from search.held_criteria import HeldCriteria
from search.judging import rome_day
from search.named_categories import named_categories
from search.offer_stems import OfferAnalysis
from search.postgres import best_hits
from search.postgres.conditions import Parameters, all_of
from search.postgres.loading import REMEMBERED_OFFERS, Loaded, Remembered, load_with_relevance
from search.postgres.locks import upkeep_lock
from search.postgres.match import match, suitable
from search.postgres.records import SUPPLIER
from search.postgres.state import DAMAGED, MISSING, Codes, Current, read_current
from search.postgres.text_search import TextCondition, TextSearch
from search.postgres.view import View
from search.postgres.words import Words
from search.postgres.writing import IndexWriter
from search.queries import MapAnswer, MapQuery, Page, SearchQuery
from search.query_text import ENOUGH, TextQuery, parse_query_text
from search.relevance import COORDINATION, NAMED_CATEGORY
from search.taxonomy import CategoryTree

Answered = TypeVar("Answered")

_NOTHING = "false"


class PostgresEngine:
    """The Engine protocol over a database. One per process; safe to share between threads.

    Reading and writing raise :class:`search.engine.EngineUnavailable` where there is no index in the
    database, or one of another format; what else the database refuses (it is down, it takes too long)
    comes through as SQLAlchemy says it, because no rebuild would mend it.
    """

    def __init__(
        self,
        engine: sa.Engine,
        tree: CategoryTree,
        criteria: CriteriaRegister,
        comune_names: Mapping[str, str] | None = None,
        *,
        prefix: str = "search",
        remembered_offers: int = REMEMBERED_OFFERS,
        replica: Callable[[], sa.Engine | None] = lambda: None,
    ) -> None:
        """``prefix`` begins the names of its schemas; ``comune_names`` maps ISTAT codes to names.

        ``replica`` is asked before each answer for connections to a copy of the database to read from, if any; what
        is not there yet is read from the database itself.
        """
        if not prefix.isidentifier() or not prefix.islower():
            raise ValueError(f"{prefix!r} cannot begin the name of a schema")
        self._engine = engine
        self._replica = replica
        self._tree = tree
        self._criteria = criteria
        self._prefix = prefix
        self._codes = Codes()
        self._remembered = Remembered(remembered_offers)
        self._writer = IndexWriter(engine, prefix, OfferAnalysis(tree, comune_names or {}), tree.version)

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
        return self._answer(lambda view: match(view, demand, now, limit, near_miss_limit))

    def suitable_counts(self, demands: Sequence[Demand], now: datetime) -> tuple[int, ...]:
        """How many suppliers are suitable for each demand. See :func:`search.counting.suitable_counts`."""
        return self._answer(lambda view: suitable(view, demands, now))

    def map(self, query: MapQuery, now: datetime) -> MapAnswer:
        """The suppliers in a box that have an offer which passes the filters, or clusters of them."""
        return self._answer(lambda view: self._map(view, query, now))

    def suggest(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Completions for what is being typed: names of categories, then words, each most used first."""
        return self._answer(lambda view: Words(view).suggest(prefix, limit))

    def counts(self) -> tuple[int, int]:
        """Suppliers and offers in the index, whether or not anybody may see them.

        Raises :class:`EngineUnavailable` also where a table has been emptied behind our back.
        """
        return self._answer(_counts)

    def state(self) -> Hashable:
        """Nothing of its own: the index changes with the database in which it lies."""
        return ""

    def ids(self) -> tuple[frozenset[int], frozenset[int]]:
        """The ids of the suppliers and of the offers in the index, to be compared with the database's."""
        return self._answer(lambda view: (_ids(view, "supplier"), _ids(view, "offer")))

    def is_stale(self) -> bool:
        """Whether the index was built with another category tree, whose labels it still answers to."""
        return self._answer(lambda view: view.current.tree_version != self._tree.version)

    # Writing

    def add(self, suppliers: Iterable[SupplierDocument]) -> None:
        """Put or replace suppliers whole, visible to every process when it returns."""
        self._writer.add(suppliers)

    def remove(self, supplier_ids: Iterable[int]) -> None:
        """Take suppliers out, visible to every process when it returns."""
        self._writer.remove(supplier_ids)

    def rebuild(self, suppliers: Iterable[SupplierDocument]) -> int:
        """Build afresh beside and swap; the number of offers.

        ``suppliers`` is read only once other writers are locked out: where it is a query that runs then, no
        change that another process has already indexed can be missing from it.
        """
        return self._writer.rebuild(suppliers)

    def joined_to(self, connection: sa.Connection) -> IndexWriter:
        """Adds and removes within the transaction of a connection to the same database."""
        return self._writer.joined_to(connection)

    def upkeep_lock(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Held by whoever reads the tables of the application and writes the index after them."""
        return upkeep_lock(self._engine, self._prefix, wait=wait)

    def _answer(self, ask: Callable[[View], Answered]) -> Answered:
        """The answer of the newest generation, all of it from one snapshot of the database.

        A rebuild drops the build that was in use: whoever had just begun to read it begins again. A replica may be
        behind a first build, or one of a newer format, which says nothing on the index.
        """
        try:
            return self._asked(self._replica() or self._engine, ask)
        except EngineUnavailable:
            if self._replica() is None:
                raise
        except sa.exc.DBAPIError as error:
            if not isinstance(error.orig, MISSING + DAMAGED):
                raise
        try:
            return self._asked(self._engine, ask)
        except sa.exc.DBAPIError as error:
            if isinstance(error.orig, MISSING):
                raise EngineUnavailable("there is no index in the database") from error
            if isinstance(error.orig, DAMAGED):
                raise EngineUnavailable("the index in the database is damaged") from error
            raise

    def _asked(self, database: sa.Engine, ask: Callable[[View], Answered]) -> Answered:
        with database.connect() as connection:
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            current: Current = read_current(connection, self._prefix)
            codes = self._codes.of(connection, self._prefix, current)
            return ask(
                View(connection, self._prefix, current, codes, self._tree, self._criteria, self._remembered)
            )

    def _search(self, view: View, query: SearchQuery, now: datetime) -> Page:
        parsed = parse_query_text(query.text)
        asking = view.asking(rome_day(now))
        put = Parameters()
        if parsed:
            sought = TextSearch(view, asking, put)
            text, filters = sought.condition(parsed), asking.filters(query, put)
            if parsed.clauses and text.where and best_hits.suffice(query):
                return self._best_hits(view, query, parsed, sought, text, filters, put)

            def read(text: TextCondition) -> Loaded:
                where = all_of((text.where, *filters)) if text.where else _NOTHING
                return load_with_relevance(
                    view.connection, view.space, where, text.relevance, text.words, put, view.codes
                )

            loaded = read(text)
            if not text.enough and len(loaded.columns.offers) < ENOUGH and (fewer := sought.of_fewer()):
                text, loaded = fewer, read(fewer)
        else:
            text = TextCondition(None)
            loaded = Loaded(view.columns(all_of(("o.shown", *asking.filters(query, put))), put))
        columns = loaded.columns
        held = HeldCriteria.on(rome_day(now), columns, self._criteria)
        km = None if query.near is None else haversine_km_many(query.near, columns.lats, columns.lons)
        passed = passing(columns, np.arange(len(columns.offers)), query, held, self._tree, km)
        relevance = _relevance(loaded, text, parsed, self._tree)
        if relevance is not None:
            relevance = relevance[passed]
        found = score_found(passed, relevance, kilometres(columns, passed, query.near, km))
        return page_of(
            columns,
            found,
            query,
            count_facets(columns, passed, held, self._tree, found.km) if query.counted else NOTHING_COUNTED,
            did_you_mean=respelled(query.text, text.respelt) if text.respelt else None,
        )

    def _best_hits(
        self,
        view: View,
        query: SearchQuery,
        parsed: TextQuery,
        sought: TextSearch,
        text: TextCondition,
        filters: list[str],
        put: Parameters,
    ) -> Page:
        """The page where only its hits are wanted: PostgreSQL counts and orders, and sends no more than it shows."""
        named = [view.codes.number(code) for code in named_categories(parsed, view.tree, text.respelt)]
        page = best_hits.page(view, query, text, filters, named, put)
        if not text.enough and page.total < ENOUGH and (fewer := sought.of_fewer()):
            page = best_hits.page(view, query, fewer, filters, named, put)
        return replace(page, did_you_mean=respelled(query.text, text.respelt) if text.respelt else None)

    def _map(self, view: View, query: MapQuery, now: datetime) -> MapAnswer:
        asking, put = view.asking(rome_day(now)), Parameters()
        if not query.categories and not query.criteria and not query.kinds:
            seats = _seats(view, all_of(("s.shown", *asking.seats(query, put))), put)
            inside = in_box_of(seats["lat"], seats["lon"], query.bbox)
            return map_of_suppliers(seats["id"][inside], seats["lat"][inside], seats["lon"][inside])
        columns = view.columns(all_of(("o.shown", *asking.filters(query, put))), put)
        held = HeldCriteria.on(rome_day(now), columns, self._criteria)
        return map_of(columns, passing(columns, np.arange(len(columns.offers)), query, held, self._tree))


def _relevance(
    loaded: Loaded, text: TextCondition, parsed: TextQuery, tree: CategoryTree
) -> np.ndarray | None:
    """How well each offer fits the text: by its words, how many of them it has, and a category that is named."""
    if not parsed.clauses or loaded.relevance is None or loaded.words is None:
        return None
    columns: Columns = loaded.columns
    relevance = loaded.relevance * (loaded.words / max(1, text.of)) ** COORDINATION
    named = [columns.category_codes.number(code) for code in named_categories(parsed, tree, text.respelt)]
    if named and len(relevance):
        there = np.isin(columns.offers.category, named)
        relevance = relevance + there * NAMED_CATEGORY * relevance.max()
    return relevance


def _seats(view: View, where: str, put: Parameters) -> np.ndarray:
    """The records of the placed suppliers ``s`` that fulfil a condition."""
    content = view.connection.exec_driver_sql(
        f"SELECT string_agg(s.record, '') FROM {view.space}.supplier s WHERE s.seat IS NOT NULL AND {where}",
        put.values,
    ).scalar_one()
    return np.frombuffer(content or b"", SUPPLIER)


def _counts(view: View) -> tuple[int, int]:
    counted = {"supplier": view.current.suppliers, "offer": view.current.offers}
    for table, number in counted.items():
        # not all of them: the worker asks every second
        some = view.connection.exec_driver_sql(f"SELECT id FROM {view.space}.{table} LIMIT 1").first()
        if number and some is None:
            raise EngineUnavailable(f"the index in the database has lost its table {table}")
    return counted["supplier"], counted["offer"]


def _ids(view: View, table: str) -> frozenset[int]:
    return frozenset(view.connection.exec_driver_sql(f"SELECT id FROM {view.space}.{table}").scalars())
