"""A database of its own on the server that ``BENCH_POSTGRES`` names, for each way and folder that is measured.

psycopg comes with the extra "postgres": whoever has no server must be able to import this, so it is imported where
a server is asked.
"""

import os
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

if TYPE_CHECKING:
    import psycopg

VARIABLE = "BENCH_POSTGRES"
"""The address of a server on which databases may be made, as in ``DATABASE_URL``; all that is made is named bench_*."""
PREFIX = "bench_"


def server_url() -> str | None:
    """The server to measure on; ``None`` where none is named."""
    return os.environ.get(VARIABLE)


def is_installed() -> bool:
    """Whether what speaks to a server is there."""
    return find_spec("psycopg") is not None


def database_name(folder: Path) -> str:
    """The name of the database of a folder."""
    return PREFIX + blake2b(str(folder.absolute()).encode(), digest_size=8).hexdigest()


def database_for(folder: Path) -> str:
    """The URL of the database of a folder, made with its extensions where it is not there."""
    from psycopg import sql

    url = make_url(server_url() or "")
    name = database_name(folder)
    with _connected(url.set(drivername="postgresql")) as server:
        known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if known is None:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with _connected(url.set(drivername="postgresql", database=name)) as made:
        for extension in ("postgis", "pg_trgm"):
            made.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    return url.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


def drop_databases(folders: list[Path]) -> None:
    """Remove the databases of these folders."""
    from psycopg import sql

    url = make_url(server_url() or "")
    with _connected(url.set(drivername="postgresql")) as server:
        for folder in folders:
            name = database_name(folder)
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def settle(folder: Path) -> None:
    """Do at once what the server does by itself some time after so many rows were written."""
    with _connected(make_url(database_for(folder)).set(drivername="postgresql")) as database:
        database.execute("VACUUM (ANALYZE)")


def database_bytes(folder: Path) -> int:
    """What the tables of the folder's database and their indexes take, without those of the extensions."""
    with _connected(make_url(database_for(folder)).set(drivername="postgresql")) as database:
        return database.execute(_BYTES).fetchone()[0]


_BYTES = """
SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
WHERE relkind = 'r' AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
"""


def _connected(url) -> "psycopg.Connection":
    import psycopg

    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
