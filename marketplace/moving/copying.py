"""Every row of one database into another with the same tables, in one transaction of the one that receives.

While it runs nobody writes to the one that gives. Rows keep their ids. References of a table to itself may point
forward, so they are filled in when all its rows are there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from marketplace.db import Model, writing

#: Rows in one statement.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """What a table holds here and there, where it is not the same; ``what`` is "rows" or a column."""

    table: str
    what: str
    here: int
    there: int


def tables() -> list[sa.Table]:
    """All tables, referred ones first, with JSON columns that keep "nothing" as NULL on both sides."""
    copies = sa.MetaData()
    made = [table.to_metadata(copies) for table in Model.metadata.sorted_tables]
    for table in made:
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type = sa.JSON(none_as_null=True)
    return made


def is_empty(connection: sa.Connection) -> bool:
    return not any(
        connection.scalar(sa.select(sa.exists(sa.select(sa.literal(1)).select_from(table))))
        for table in tables()
    )


def row_count(connection: sa.Connection) -> int:
    return sum(connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables())


@contextmanager
def nobody_writes(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees one state, and lets nobody change it meanwhile."""
    # on SQLite a transaction that may write keeps the others from it
    with writing(), engine.connect() as connection:
        connection.execute(sa.select(1))
        if connection.dialect.name == "postgresql":
            names = ", ".join(
                connection.dialect.identifier_preparer.format_table(table) for table in tables()
            )
            connection.execute(sa.text(f"LOCK TABLE {names} IN SHARE MODE"))
        yield connection
        connection.rollback()


def empty(target: sa.Connection) -> None:
    for table in reversed(tables()):
        for column in _to_itself(table):
            target.execute(sa.update(table).where(column.is_not(None)).values({column: None}))
        target.execute(sa.delete(table))


def copy_rows(source: sa.Connection, target: sa.Connection, done: Callable[[int], None]) -> None:
    """Everything from ``source`` to the empty ``target``; ``done`` is told of so many rows more, now and then."""
    for table in tables():
        later = _to_itself(table)
        rows = source.execution_options(yield_per=BATCH).execute(sa.select(table)).mappings()
        for batch in rows.partitions(BATCH):
            held_back = {column.name: None for column in later}
            target.execute(sa.insert(table), [dict(row) | held_back for row in batch])
            done(len(batch))
        for column in later:
            _fill_in(source, target, table, column)
        _let_ids_go_on(target, table)


def differences(source: sa.Connection, target: sa.Connection) -> list[Difference]:
    """Where rows, sums of whole numbers or lengths of texts are not the same."""
    found = []
    for table in tables():
        measures = {"rows": sa.func.count()}
        for column in table.columns:
            if isinstance(column.type, sa.Integer):
                measures[column.name] = sa.func.sum(column)
            elif isinstance(column.type, sa.String):
                measures[column.name] = sa.func.sum(sa.func.length(column))
        asked = sa.select(*measures.values()).select_from(table)
        here, there = source.execute(asked).one(), target.execute(asked).one()
        found += [
            Difference(table.name, what, int(one or 0), int(other or 0))
            for what, one, other in zip(measures, here, there, strict=True)
            if int(one or 0) != int(other or 0)
        ]
    return found


def _to_itself(table: sa.Table) -> list[sa.Column]:
    return [
        column
        for column in table.columns
        if any(reference.column.table is table for reference in column.foreign_keys)
    ]


def _fill_in(source, target, table: sa.Table, column: sa.Column) -> None:
    key = table.c.id
    change = (
        sa.update(table).where(key == sa.bindparam("row_id")).values({column.name: sa.bindparam("refers_to")})
    )
    pairs = [
        {"row_id": row[0], "refers_to": row[1]}
        for row in source.execute(sa.select(key, column).where(column.is_not(None)))
    ]
    if pairs:
        target.execute(change, pairs)


def _let_ids_go_on(target: sa.Connection, table: sa.Table) -> None:
    """PostgreSQL counts ids apart from the rows; SQLite looks at the rows."""
    column = table.autoincrement_column
    if target.dialect.name != "postgresql" or column is None or not isinstance(column.type, sa.Integer):
        return
    sequence = target.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
    highest = target.scalar(sa.select(sa.func.max(column)))
    if sequence and highest:
        target.execute(sa.select(sa.func.setval(sequence, highest)))
