"""Which build is read, and what a process knows of it: the row of ``current`` and the codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import psycopg
import sqlalchemy as sa

from search.engine import EngineUnavailable
from search.postgres.schema import FORMAT
from search.vocabulary import Vocabulary

MISSING = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedColumn)
"""What PostgreSQL says where there is no index, or none that this version wrote."""

DAMAGED = (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted, psycopg.errors.UndefinedFile)
"""What PostgreSQL says where it cannot read the files of a table."""


@dataclass(frozen=True, slots=True)
class Current:
    """The row of ``current``: a build at one generation, and what it holds."""

    build: int
    generation: int
    format: int
    tree_version: str
    suppliers: int
    offers: int
    considered: int
    codes: int


def read_current(connection: sa.Connection, prefix: str, *, lock: bool = False) -> Current:
    """The build in use. Raises :class:`EngineUnavailable` where there is none, or one of another format."""
    row = connection.exec_driver_sql(
        f"SELECT build, generation, format, tree_version, suppliers, offers, considered, codes"
        f" FROM {prefix}.current" + (" FOR UPDATE" if lock else "")
    ).one_or_none()
    if row is None:
        raise EngineUnavailable("there is no index yet")
    current = Current(*row)
    if current.format != FORMAT:
        raise EngineUnavailable("the index is of another format")
    return current


class Codes:
    """The codes of a build by number, read again when there are more. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: Mapping[int, Vocabulary] = {}

    def of(self, connection: sa.Connection, prefix: str, current: Current) -> Vocabulary:
        """The vocabulary in which a code's number is its position."""
        known = self._known.get(current.build)
        if known is not None and len(known) >= current.codes:
            return known
        rows = connection.exec_driver_sql(f"SELECT code FROM {prefix}_{current.build}.code ORDER BY number")
        codes = Vocabulary(row[0] for row in rows)
        with self._lock:
            self._known = {current.build: codes}
        return codes
