"""Bringing the database to the tables that the code expects, once, whoever starts first."""

import logging

import sqlalchemy as sa
from flask import current_app
from flask_security import AsaList
from sqlalchemy.exc import SQLAlchemyError

from marketplace.db import MonthSet, UTCDateTime, db, writing
from marketplace.extensions import alembic
from marketplace.locks import Lock, alone

# Flask-Alembic makes it talk on the terminal of every command
logging.getLogger("alembic").setLevel(logging.WARNING)


def prepare_database() -> None:
    """Create or migrate the database under a lock; where it is up to date, only look.

    On SQLite the write-ahead log is switched on here, once: from several
    processes at once the switch fails now and then.
    """
    with alone(Lock.MIGRATION):
        if db.engine.dialect.name == "sqlite":
            _switch_on_write_ahead_log()
        _upgrade()


def render_type(kind: str, item, context) -> str | bool:
    """How migrations write our column types: as the plain ones beneath, so that they outlive our code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, MonthSet):
        return "sa.SmallInteger()"
    if kind == "type" and isinstance(item, AsaList):
        return "sa.UnicodeText()"
    return False


def is_ours(item, name: str, kind: str, reflected: bool, compare_to) -> bool:
    """What migrations look at: not the table that PostGIS brings."""
    return not (kind == "table" and name == "spatial_ref_sys")


def is_current() -> bool:
    """Whether the tables are those of the code's last migration. Raises SQLAlchemyError where there are none."""
    wanted = {script.revision for script in alembic.heads()}
    with db.engine.connect() as connection:
        return set(connection.scalars(sa.text("SELECT version_num FROM alembic_version"))) == wanted


def _switch_on_write_ahead_log() -> None:
    # not in a transaction, so past SQLAlchemy, which would open one
    connection = db.engine.raw_connection()
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _upgrade() -> None:
    if _is_current_if_there():
        return
    # in a context of its own, with which Flask-Alembic's connection ends, and the lock that it holds
    with current_app.app_context(), writing():
        alembic.upgrade()


def _is_current_if_there() -> bool:
    try:
        return is_current()
    except SQLAlchemyError:
        return False
