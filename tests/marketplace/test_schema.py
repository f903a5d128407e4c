"""The migrations lead to the tables of the models, on every database, whoever starts first."""

import multiprocessing
import sqlite3

import sqlalchemy as sa

from marketplace import create_app
from marketplace.db import db
from marketplace.extensions import alembic
from marketplace.schema import is_current, prepare_database


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
    with multiprocessing.get_context("spawn").Pool(4) as pool:
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
