"""The index answers; while it cannot, the database does, and the worker is told to build the index afresh."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from search.answer import Answer
from search.constants import DEFAULT_MATCHES, DEFAULT_NEAR_MISSES
from search.demand import Demand
from search.documents import SupplierDocument
from search.engine import Engine, EngineUnavailable
from search.queries import MapAnswer, MapQuery, Page, SearchQuery

log = logging.getLogger(__name__)

T = TypeVar("T")

#: In the instance folder. A file and not an outbox entry: a request that only reads must not wait to write.
REBUILD_WANTED = "rebuild.wanted"


class ResilientEngine:
    """A :class:`search.engine.Engine` over two others. ``search`` says by ``Page.degraded`` which one answered."""

    def __init__(self, index: Engine, database: Engine, instance: Path):
        self._index, self._database = index, database
        self._flag = instance / REBUILD_WANTED

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

    def _either(self, ask: Callable[[Engine], T]) -> T:
        try:
            return ask(self._index)
        except EngineUnavailable as reason:
            self._want_rebuild(reason)
            return ask(self._database)

    def _want_rebuild(self, reason: EngineUnavailable) -> None:
        try:
            # made once: whoever finds it there says nothing more
            self._flag.touch(exist_ok=False)
        except FileExistsError:
            return
        except OSError as problem:
            log.error("The worker cannot be told to rebuild the index: %s", problem)
        log.error("The index cannot answer (%s): the database does, until it is rebuilt", reason)
