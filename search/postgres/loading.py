"""From a condition to columns: the offers that fulfil it, with their suppliers, read in one statement.

What conditions without words give is remembered, because pages, facets and matches ask for the same again
and again. When suppliers have changed since, only theirs is read anew and put in the place of what was.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

import numpy as np
import sqlalchemy as sa

from search.columns import Columns
from search.postgres.conditions import Parameters
from search.postgres.records import FOUND, OFFER, Records, columns_of
from search.postgres.state import Current
from search.vocabulary import Vocabulary

REMEMBERED_OFFERS = 1_500_000
"""How many offers a process keeps as columns, about 100 bytes each, unless it is told otherwise."""
MOST_CHANGED = 2_000
"""Beyond so many changed suppliers everything is read again."""

_STATEMENT = """
WITH found AS MATERIALIZED (
    SELECT o.supplier_id, {record} AS record, o.claims, o.areas FROM {s}.offer o WHERE {where}
), owner AS MATERIALIZED (
    SELECT name, record, claims, kinds_record, qualifications FROM {s}.supplier
    WHERE id IN (SELECT supplier_id FROM found)
)
SELECT * FROM
    (SELECT string_agg(record, ''), string_agg(claims, '') FILTER (WHERE claims <> ''),
            string_agg(areas, '') FILTER (WHERE areas <> '') FROM found) AS offers,
    (SELECT string_agg(record, ''), array_agg(name), string_agg(claims, ''), string_agg(kinds_record, ''),
            string_agg(qualifications, '') FROM owner) AS suppliers
"""


@dataclass(frozen=True, eq=False)
class Loaded:
    """Columns of the offers that fulfil a condition and of their suppliers.

    ``relevance`` and ``words``, one per offer row, are those of a text, where one was sought.
    """

    columns: Columns
    relevance: np.ndarray | None = None
    words: np.ndarray | None = None


def load(connection: sa.Connection, space: str, where: str, put: Parameters, codes: Vocabulary) -> Columns:
    """The columns of the offers ``o`` that fulfil ``where``, and of no supplier beside theirs."""
    records = _read(connection, _STATEMENT.format(s=space, record="o.record", where=where), put, OFFER)
    return columns_of(records, codes)[0]


def load_with_relevance(
    connection: sa.Connection,
    space: str,
    where: str,
    relevance: str,
    words: str,
    put: Parameters,
    codes: Vocabulary,
) -> Loaded:
    """The same with two numbers for each offer, as SQL: its relevance, and how many words it has."""
    record = f"o.record || float4send(({relevance})::real) || int4send({words})"
    found = _read(connection, _STATEMENT.format(s=space, record=record, where=where), put, FOUND)
    extra = found.offers
    records = Records(
        extra["offer"],
        found.offer_claims,
        found.offer_areas,
        found.suppliers,
        found.names,
        found.supplier_claims,
        found.kinds,
        found.qualifications,
    )
    columns, order = columns_of(records, codes)
    return Loaded(
        columns, extra["relevance"][order].astype(np.float64), extra["words"][order].astype(np.int64)
    )


def _read(connection: sa.Connection, statement: str, put: Parameters, offers: np.dtype) -> Records:
    row = connection.exec_driver_sql(statement, put.values).one()
    content, offer_claims, offer_areas, suppliers, names, claims, kinds, qualifications = row
    return Records(
        np.frombuffer(content or b"", offers),
        offer_claims or b"",
        offer_areas or b"",
        suppliers or b"",
        names or (),
        claims or b"",
        kinds or b"",
        qualifications or b"",
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    build: int
    generation: int
    columns: Columns


class Remembered:
    """The columns of conditions, the last asked of them, up to so many offers. Thread-safe."""

    def __init__(self, most_offers: int = REMEMBERED_OFFERS) -> None:
        self._most = most_offers
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._offers = 0

    def columns(
        self,
        connection: sa.Connection,
        prefix: str,
        current: Current,
        codes: Vocabulary,
        where: str,
        put: Parameters,
    ) -> Columns:
        """What :func:`load` gives of ``where``, a condition on the offer alone, at this generation."""
        space = f"{prefix}_{current.build}"
        key = where, repr(put.values)
        kept = self._kept.get(key)
        if kept is not None and kept.build == current.build:
            if kept.generation == current.generation:
                with self._lock:
                    if key in self._kept:
                        self._kept.move_to_end(key)
                return kept.columns
            columns = self._mended(connection, space, kept, current, codes, where, put)
        else:
            columns = None
        if columns is None:
            columns = load(connection, space, where, put, codes)
        self._keep(key, _Kept(current.build, current.generation, columns))
        return columns

    def _mended(
        self,
        connection: sa.Connection,
        space: str,
        kept: _Kept,
        current: Current,
        codes: Vocabulary,
        where: str,
        put: Parameters,
    ) -> Columns | None:
        """What was kept with the suppliers that have changed since as they are now; ``None`` where that is too many."""
        changes, ids = connection.exec_driver_sql(
            f"SELECT count(DISTINCT generation), array_agg(DISTINCT supplier_id) FROM {space}.change"
            " WHERE generation > %(generation)s",
            {"generation": kept.generation},
        ).one()
        told = changes == current.generation - kept.generation
        if not told or len(ids) > MOST_CHANGED:
            return None
        changed = Parameters()
        changed.values = dict(put.values)
        now = load(
            connection, space, f"({where}) AND o.supplier_id = ANY({changed.add(ids)})", changed, codes
        )
        stays = ~np.isin(kept.columns.supplier_ids, ids)
        return Columns.concat([kept.columns, now], [stays, None])

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        with self._lock:
            before = self._kept.pop(key, None)
            self._offers -= len(before.columns.offers) if before else 0
            size = len(kept.columns.offers)
            if size > self._most:
                return
            self._kept[key] = kept
            self._offers += size
            while self._offers > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._offers -= len(oldest.columns.offers)
