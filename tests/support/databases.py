"""Databases for tests: the schema is migrated once per session and kind, then only copied."""

import fcntl
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.postgres import Server, shared_server

_MIGRATED = "incontro_migrated"

#: For tests with a fresh database of what no database decides: the one that is made sooner.
ON_SQLITE = pytest.mark.parametrize("fresh_database", ["sqlite"], indirect=True)


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database and the way to be rid of it."""

    kind: str
    url: str
    drop: Callable[[], None]


def new_database(kind: str, name: str, session_folder: Path, migrate: Callable[[str], None]) -> Database:
    """A fresh copy of the migrated schema called ``name``, on ``kind`` "sqlite" or "postgres".

    ``migrate`` is given the URL of an empty database, once a session, and closes what it opens there.
    """
    if kind == "sqlite":
        return _copy_sqlite(session_folder / f"{name}.db", session_folder, migrate)
    return _copy_postgres(name, session_folder, migrate)


def _copy_sqlite(target: Path, session_folder: Path, migrate: Callable[[str], None]) -> Database:
    template = session_folder / f"{_MIGRATED}.db"
    _once(session_folder / "sqlite.migrated", lambda: migrate(f"sqlite:///{template}"))
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)

    def drop() -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)

    return Database("sqlite", f"sqlite:///{target}", drop)


def _copy_postgres(name: str, session_folder: Path, migrate: Callable[[str], None]) -> Database:
    server: Server = shared_server(session_folder)
    marker = session_folder / "postgres.migrated"
    _once(marker, lambda: migrate(server.create_database(_MIGRATED)))
    # two copies of one template at the same moment refuse each other
    with marker.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        url = server.create_database(name, template=_MIGRATED)
    return Database("postgres", url, lambda: server.drop_database(name))


def _once(marker: Path, work: Callable[[], None]) -> None:
    """Run ``work`` in one process of the session, while the others wait for it."""
    with marker.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not marker.exists():
            work()
            marker.touch()
