"""The index answers; while it cannot, the database does, and the worker is told to build the index afresh."""

import logging
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from marketplace.rebuild_wish import Wish
from search.answer import Answer
from search.constants import DEFAULT_MATCHES, DEFAULT_NEAR_MISSES
from search.demand import Demand
from search.documents import SupplierDocument
from search.engine import Engine, EngineUnavailable
from search.queries import MapAnswer, MapQuery, Page, SearchQuery

log = logging.getLogger(__name__)

T = TypeVar("T")


class ResilientEngine:
    """A :class:`search.engine.Engine` over two others. ``search`` says by ``Page.degraded`` which one answered."""

    def __init__(self, index: Engine, database: Engine, wish_rebuild: Wish):
        self._index, self._database = index, database
        self._wish_rebuild = wish_rebuild

    def search(self, query: SearchQuery, now: datetime) -> Page:
        return self._either(lambda engine: engine.search(query, now))

    def match(
        self,
        demand: Demand,
        now: datetime,
        limit: int | None = DEFAULT_MATCHES,
        near_miss_limit: int | None = DEFAULT_NEAR_MISSES,
    ) -> Answer:
        return self._either(lambda engine: engine.match(demand, now, limit, near_miss_limit))

    def suitable_counts(self, demands: Sequence[Demand], now: datetime) -> tuple[int, ...]:
        return self._either(lambda engine: engine.suitable_counts(demands, now))

    def map(self, query: MapQuery, now: datetime) -> MapAnswer:
        return self._either(lambda engine: engine.map(query, now))

    def suggest(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        return self._either(lambda engine: engine.suggest(prefix, limit))

    def add(self, suppliers: Iterable[SupplierDocument]) -> None:
        self._index.add(suppliers)

    def remove(self, supplier_ids: Iterable[int]) -> None:
        self._index.remove(supplier_ids)

    def rebuild(self, suppliers: Iterable[SupplierDocument]) -> int:
        return self._index.rebuild(suppliers)

    def counts(self) -> tuple[int, int]:
        return self._index.counts()

    def state(self) -> Hashable | None:
        """That of the index; ``None`` while the database answers for it."""
        try:
            return self._index.state()
        except EngineUnavailable:
            return None

    def _either(self, ask: Callable[[Engine], T]) -> T:
        try:
            return ask(self._index)
        except EngineUnavailable as reason:
            if self._wish_rebuild():
                log.error("The index cannot answer (%s): the database does, until it is rebuilt", reason)
            return ask(self._database)
