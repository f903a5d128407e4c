"""The migrations lead to the tables of the models, on every database, whoever starts first."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from marketplace import create_app
from marketplace.db import db
from marketplace.extensions import alembic
from marketplace.schema import is_current, prepare_database
from tests.support.processes import processes


def test_migrations_and_models_agree(fresh_app):
    with fresh_app.app_context():
        assert alembic.compare_metadata() == []
        assert is_current()


def test_migrations_can_be_taken_back(fresh_app):
    with fresh_app.app_context():
        alembic.downgrade("base")
    with fresh_app.app_context():
        assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version", "spatial_ref_sys"}


def _prepare(instance: str) -> bool:
    app = create_app({"INSTANCE": instance, "DATABASE_URL": ""})
    with app.app_context():
        prepare_database()
        return is_current()


def test_processes_that_start_together_on_nothing_all_find_the_tables(tmp_path):
    with processes(4) as pool:
        assert pool.map(_prepare, [str(tmp_path)] * 4) == [True] * 4
    with sqlite3.connect(tmp_path / "incontro.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_preparing_leaves_no_lock_behind(tmp_path):
    app = create_app({"INSTANCE": str(tmp_path), "DATABASE_URL": ""})
    with app.app_context():
        prepare_database()
        prepare_database()
        with sqlite3.connect(tmp_path / "incontro.db", timeout=0) as connection:
            connection.execute("BEGIN IMMEDIATE")


def _filled(table: sa.Table, number: int) -> dict:
    """A row of a table as it was at any revision: what must be there, by its type; references lead to row 1."""
    values = {}
    for column in table.columns:
        if column.foreign_keys or column.name == "id":
            values[column.name] = number
        elif not column.nullable and column.server_default is None:
            kind = column.type.python_type
            values[column.name] = {
                str: "x",
                int: 1,
                float: 1.0,
                bool: True,
                object: {},
                bytes: b"x",
                date: date(2026, 1, 1),
                datetime: datetime(2026, 1, 1, tzinfo=UTC),
            }[kind]
    return values


def test_no_migration_loses_a_row(fresh_app):
    """All tables of the first revision, one row each, which refer to each other."""
    with fresh_app.app_context():
        alembic.downgrade("base")
        first = alembic.log()[-1].revision
        alembic.upgrade(first)
    with fresh_app.app_context():
        metadata = sa.MetaData()
        metadata.reflect(db.engine)
        tables = [
            table
            for table in metadata.sorted_tables
            if table.name not in {"alembic_version", "spatial_ref_sys"}
        ]
        assert len(tables) > 10
        with db.engine.begin() as connection:
            for table in tables:
                connection.execute(table.insert().values(_filled(table, 1)))
    with fresh_app.app_context():
        alembic.upgrade()
    with fresh_app.app_context(), db.engine.connect() as connection:
        kept = {table.name for table in tables} & set(sa.inspect(connection).get_table_names())
        counts = {name: connection.scalar(sa.text(f'SELECT count(*) FROM "{name}"')) for name in kept}
        assert counts == dict.fromkeys(kept, 1)


def test_foreign_keys_are_enforced_again_after_a_migration(fresh_app):
    with fresh_app.app_context():
        alembic.downgrade(-1)
        alembic.upgrade()
    for _ in range(3):
        with fresh_app.app_context(), pytest.raises(sa.exc.IntegrityError):
            db.session.execute(sa.text("INSERT INTO roles_users (user_id, role_id) VALUES (77, 88)"))


def test_threads_that_prepare_together_leave_the_tables_of_this_version(fresh_app):
    with fresh_app.app_context():
        alembic.downgrade("base")

    def prepare(_):
        with fresh_app.app_context():
            prepare_database()
            return is_current()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(prepare, range(4))) == [True] * 4
