"""The one interface of every engine.

``search/embedded`` answers from a Whoosh index and numpy columns,
``search/postgres`` from SQL; one contract suite runs against them all.
"""

from collections.abc import Hashable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from search.answer import Answer
from search.constants import DEFAULT_MATCHES, DEFAULT_NEAR_MISSES
from search.demand import Demand
from search.documents import SupplierDocument
from search.queries import MapAnswer, MapQuery, Page, SearchQuery


class EngineUnavailable(Exception):
    """The engine cannot answer now (damaged or missing index); the database can be asked instead."""


class Engine(Protocol):
    """Methods raise :class:`EngineUnavailable` while there is nothing to answer from."""

    def search(self, query: SearchQuery, now: datetime) -> Page: ...

    def match(
        self,
        demand: Demand,
        now: datetime,
        limit: int | None = DEFAULT_MATCHES,
        near_miss_limit: int | None = DEFAULT_NEAR_MISSES,
    ) -> Answer:
        """Rank every supplier for a demand; spell out the first ``limit`` (``None``: all). See ranking.rank."""
        ...

    def suitable_counts(self, demands: Sequence[Demand], now: datetime) -> tuple[int, ...]:
        """How many suppliers are eligible for each demand; fast where they differ in little."""
        ...

    def map(self, query: MapQuery, now: datetime) -> MapAnswer: ...

    def suggest(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Completions for what is being typed, most used first."""
        ...

    def add(self, suppliers: Iterable[SupplierDocument]) -> None:
        """Put or replace suppliers whole, visible to every process when it returns."""
        ...

    def remove(self, supplier_ids: Iterable[int]) -> None: ...

    def rebuild(self, suppliers: Iterable[SupplierDocument]) -> int:
        """Build afresh beside and swap; the number of offers indexed."""
        ...

    def counts(self) -> tuple[int, int]:
        """Suppliers and offers that the engine holds now."""
        ...

    def state(self) -> Hashable:
        """Equal, with the same database, as long as every question has the answer that it had."""
        ...


class IndexChanges(Protocol):
    """The part of :class:`Engine` that changes single suppliers."""

    def add(self, suppliers: Iterable[SupplierDocument]) -> None: ...

    def remove(self, supplier_ids: Iterable[int]) -> None: ...


@runtime_checkable
class SharedEngine(Protocol):
    """An engine whose index lies in the database of the application, shared by all machines."""

    def joined_to(self, connection: Any) -> IndexChanges:
        """Changes within the transaction of a connection: they hold when it is committed, or not at all."""
        ...

    def upkeep_lock(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Held by whoever keeps the index as the database is; false where somebody else does and not ``wait``."""
        ...
