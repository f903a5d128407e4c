"""Writing the index: add, remove, rebuild. One process at a time, which an advisory lock ensures.

Each is one transaction: whoever reads sees all of it or nothing. What a transaction changed bumps the
generation, by which every process knows that what it remembers is old.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

import sqlalchemy as sa

from search.documents import SupplierDocument
from search.engine import EngineUnavailable
from search.offer_stems import OfferAnalysis
from search.postgres import schema
from search.postgres.locks import LOCK_TIMEOUT, lock_for_writing
from search.postgres.rows import NumberOf, Rows
from search.postgres.state import MISSING, Current, read_current

OFFERS_PER_BATCH = 10_000
"""Offers analysed and sent together, so that memory does not grow with the district."""
CHANGES_KEPT = 5_000
"""Generations for which it is known who changed; whoever is further behind reads everything again."""

Joined = Callable[[], sa.Connection]


class IndexWriter:
    """Writes builds of one prefix. ``within`` gives the transaction of somebody else to write in."""

    def __init__(
        self,
        engine: sa.Engine,
        prefix: str,
        analysis: OfferAnalysis,
        tree_version: str,
        within: sa.Connection | None = None,
    ) -> None:
        self._engine = engine
        self._prefix = prefix
        self._analysis = analysis
        self._tree_version = tree_version
        self._within = within

    def joined_to(self, connection: sa.Connection) -> "IndexWriter":
        """The same within a transaction that somebody else will commit; not for ``rebuild``."""
        return IndexWriter(self._engine, self._prefix, self._analysis, self._tree_version, connection)

    def add(self, suppliers: Iterable[SupplierDocument]) -> None:
        """Put or replace suppliers whole. Raises :class:`EngineUnavailable` where there is no index to add to."""
        with self._transaction() as connection:
            for batch in _batches(suppliers):
                self._change(connection, [supplier.id for supplier in batch], batch)

    def remove(self, supplier_ids: Iterable[int]) -> None:
        """Take suppliers out; those that are not there are passed over."""
        ids = list(supplier_ids)
        if ids:
            with self._transaction() as connection:
                self._change(connection, ids, ())

    def rebuild(self, suppliers: Iterable[SupplierDocument]) -> int:
        """Build afresh beside and swap; the number of offers. ``suppliers`` is read once the lock is held."""
        self._prepare()
        with self._engine.begin() as connection:
            lock_for_writing(connection, self._prefix)
            build = 1 + max(self._builds(connection), default=0)
            space = f"{self._prefix}_{build}"
            _run(connection, schema.BUILD, s=space)
            codes: dict[str, int] = {}
            written: set[int] = set()
            for batch in _batches(suppliers):
                ids = {supplier.id for supplier in batch}
                if again := ids & written:
                    _delete(connection, space, sorted(again))
                written |= ids
                _copy(connection, space, Rows(batch, self._analysis, _numbering(codes)))
            _copy_codes(connection, space, codes, 0)
            _run(connection, schema.TALLY_ALL, s=space)
            _run(connection, schema.INDEXES, s=space)
            offers = self._swap(connection, build, space, len(codes))
        self._clear(build)
        return offers

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        """Holds the writers' lock."""
        try:
            if self._within is not None:
                lock_for_writing(self._within, self._prefix)
                yield self._within
                return
            with self._engine.begin() as connection:
                lock_for_writing(connection, self._prefix)
                yield connection
        except sa.exc.ProgrammingError as error:
            if isinstance(error.orig, MISSING):
                raise EngineUnavailable("there is no index yet") from error
            raise

    def _prepare(self) -> None:
        """The extensions and the control table, in a transaction of their own."""
        with self._engine.begin() as connection:
            lock_for_writing(connection, self._prefix)
            for extension in schema.EXTENSIONS:
                self._extension(connection, extension)
            _run(connection, schema.CONTROL, prefix=self._prefix)

    @staticmethod
    def _extension(connection: sa.Connection, name: str) -> None:
        known = connection.exec_driver_sql(
            "SELECT 1 FROM pg_extension WHERE extname = %(name)s", {"name": name}
        ).first()
        if known is None:
            try:
                connection.exec_driver_sql(f"CREATE EXTENSION {name}")
            except sa.exc.DBAPIError as error:
                raise EngineUnavailable(
                    f"PostgreSQL has no extension {name}: an administrator must CREATE EXTENSION {name}"
                ) from error

    def _builds(self, connection: sa.Connection) -> list[int]:
        """The numbers of the builds there are."""
        names = connection.exec_driver_sql(
            "SELECT nspname FROM pg_namespace WHERE nspname ~ %(pattern)s",
            {"pattern": f"^{self._prefix}_[0-9]+$"},
        ).scalars()
        return [int(name.rpartition("_")[2]) for name in names]

    def _swap(self, connection: sa.Connection, build: int, space: str, codes: int) -> int:
        suppliers, considered, offers = connection.exec_driver_sql(schema.COUNT_ALL.format(s=space)).one()
        connection.exec_driver_sql(
            f"""
            INSERT INTO {self._prefix}.current AS old
                (build, generation, format, tree_version, suppliers, offers, considered, codes)
            VALUES (%(build)s, 1, %(format)s, %(tree)s, %(suppliers)s, %(offers)s, %(considered)s, %(codes)s)
            ON CONFLICT (only_one) DO UPDATE SET
                build = EXCLUDED.build, generation = old.generation + 1, format = EXCLUDED.format,
                tree_version = EXCLUDED.tree_version, suppliers = EXCLUDED.suppliers,
                offers = EXCLUDED.offers, considered = EXCLUDED.considered, codes = EXCLUDED.codes
            """,
            {
                "build": build,
                "format": schema.FORMAT,
                "tree": self._tree_version,
                "suppliers": suppliers,
                "offers": offers,
                "considered": considered,
                "codes": codes,
            },
        )
        return offers

    def _clear(self, build: int) -> None:
        """Drop other builds. One that somebody reads for too long stays until the next rebuild."""
        try:
            with self._engine.begin() as connection:
                lock_for_writing(connection, self._prefix)
                if read_current(connection, self._prefix).build != build:
                    return
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                for other in self._builds(connection):
                    if other != build:
                        connection.exec_driver_sql(f"DROP SCHEMA {self._prefix}_{other} CASCADE")
        except (sa.exc.OperationalError, EngineUnavailable):
            pass

    def _change(
        self, connection: sa.Connection, ids: Sequence[int], batch: Sequence[SupplierDocument]
    ) -> None:
        """Replace what is known of the suppliers with ``ids`` by ``batch``."""
        current = read_current(connection, self._prefix, lock=True)
        space = f"{self._prefix}_{current.build}"
        some = {"ids": list(ids)}
        before = connection.exec_driver_sql(schema.COUNT_SOME.format(s=space), some).one()
        if not batch and not before[0]:
            return
        codes = _known_codes(connection, space)
        known = len(codes)
        connection.exec_driver_sql(schema.TALLY_SOME.format(s=space), {**some, "sign": -1})
        _delete(connection, space, ids)
        if batch:
            _copy(connection, space, Rows(batch, self._analysis, _numbering(codes)))
            _copy_codes(connection, space, codes, known)
            connection.exec_driver_sql(schema.TALLY_SOME.format(s=space), {**some, "sign": 1})
        connection.exec_driver_sql(f"DELETE FROM {space}.tally WHERE offers <= 0")
        after = connection.exec_driver_sql(schema.COUNT_SOME.format(s=space), some).one()
        self._advance(
            connection, current, ids, [new - old for new, old in zip(after, before, strict=True)], codes
        )

    def _advance(
        self,
        connection: sa.Connection,
        current: Current,
        ids: Sequence[int],
        more: Sequence[int],
        codes: Mapping[str, int],
    ) -> None:
        space, generation = f"{self._prefix}_{current.build}", current.generation + 1
        connection.exec_driver_sql(
            f"UPDATE {self._prefix}.current SET generation = %(generation)s, suppliers = suppliers + %(suppliers)s,"
            " considered = considered + %(considered)s, offers = offers + %(offers)s, codes = %(codes)s",
            {
                "generation": generation,
                "suppliers": more[0],
                "considered": more[1],
                "offers": more[2],
                "codes": len(codes),
            },
        )
        connection.exec_driver_sql(
            f"INSERT INTO {space}.change SELECT %(generation)s, unnest(%(ids)s::bigint[])",
            {"generation": generation, "ids": list(ids)},
        )
        connection.exec_driver_sql(
            f"DELETE FROM {space}.change WHERE generation < %(oldest)s", {"oldest": generation - CHANGES_KEPT}
        )


def _run(connection: sa.Connection, statements: str, **names: str) -> None:
    for statement in statements.format(**names).split(";\n"):
        connection.exec_driver_sql(statement)


def _delete(connection: sa.Connection, space: str, ids: Sequence[int]) -> None:
    for table, column in schema.TABLES_OF_SUPPLIERS.items():
        connection.exec_driver_sql(
            f"DELETE FROM {space}.{table} WHERE {column} = ANY(%(ids)s)", {"ids": list(ids)}
        )


def _copy(connection: sa.Connection, space: str, rows: Rows) -> None:
    for table, columns in schema.COLUMNS.items():
        _copy_rows(connection, f"{space}.{table} ({columns})", rows.of(table))


def _copy_codes(connection: sa.Connection, space: str, codes: Mapping[str, int], known: int) -> None:
    new = [(number, code) for code, number in codes.items() if number >= known]
    if new:
        _copy_rows(connection, f"{space}.code (number, code)", new)


def _copy_rows(connection: sa.Connection, target: str, rows: Iterable[tuple]) -> None:
    with (
        connection.connection.driver_connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _known_codes(connection: sa.Connection, space: str) -> dict[str, int]:
    rows = connection.exec_driver_sql(f"SELECT code, number FROM {space}.code ORDER BY number")
    return dict(rows.all())


def _numbering(codes: dict[str, int]) -> NumberOf:
    return lambda code: codes.setdefault(code, len(codes))


def _batches(suppliers: Iterable[SupplierDocument]) -> Iterator[list[SupplierDocument]]:
    """Suppliers in batches of about :data:`OFFERS_PER_BATCH` offers; of two with one id in a batch the last counts."""
    remaining = iter(suppliers)
    while first := list(islice(remaining, 1)):
        batch, offers = {first[0].id: first[0]}, len(first[0].offers)
        while offers < OFFERS_PER_BATCH and (following := list(islice(remaining, 1))):
            batch[following[0].id] = following[0]
            offers += len(following[0].offers)
        yield list(batch.values())
