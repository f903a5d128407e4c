"""A PostgreSQL server of one test session: made in a temporary folder, shared by its workers, thrown away.

The first worker that asks starts it under a file lock; the session's first process stops it at the end.
"""

import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.requirements import postgres_programs

_USER = "incontro"
#: Only with the extensions; every other database is copied from it, which takes 0.1 s instead of 1 s.
_TEMPLATE = "incontro_template"
_EXTENSIONS = ("postgis", "pg_trgm", "unaccent")
#: Nothing here must outlive the session, so nothing is flushed to the disk.
_SETTINGS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"


@dataclass(frozen=True, slots=True)
class Server:
    folder: str
    port: int
    password: str

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{_USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, template: str = _TEMPLATE) -> str:
        """Copy ``template`` (nobody may be connected to it) and return the URL of the copy."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._command(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        self._command(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=_USER,
            password=self.password,
            dbname=database,
            autocommit=True,
        )

    def _command(self, statement: sql.Composed) -> None:
        with self.connect("postgres") as connection:
            connection.execute(statement)


def shared_server(session_folder: Path) -> Server:
    """The server of this test session, started by whoever asks first."""
    with (session_folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        record = session_folder / "postgres.json"
        if record.exists():
            return Server(**json.loads(record.read_text()))
        server = _start(session_folder / "postgres")
        record.write_text(json.dumps(asdict(server)))
        return server


def stop_shared_server(session_folder: Path) -> None:
    """Stop the session's server where there is one; its folder goes with the session's."""
    data = session_folder / "postgres" / "data"
    if (data / "postmaster.pid").exists():
        _run("pg_ctl", "stop", "-D", data, "-m", "immediate", "-w", check=False)


def _start(folder: Path) -> Server:
    data, log, password_file = folder / "data", folder / "log", folder / "password"
    folder.mkdir()
    password = secrets.token_hex(16)
    password_file.write_text(password)
    if os.geteuid() == 0:
        for path in (folder, password_file):
            shutil.chown(path, "postgres", "postgres")
    _run(
        *("initdb", "-D", data, "-U", _USER, "--auth=scram-sha-256", f"--pwfile={password_file}"),
        *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
    )
    for attempt in range(3):  # between our look for a free port and the server's start it may be taken
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {_SETTINGS}"
        started = _run("pg_ctl", "start", "-D", data, "-l", log, "-w", "-o", options, check=attempt == 2)
        if started.returncode == 0:
            break
    server = Server(str(folder), port, password)
    server.create_database(_TEMPLATE, template="template0")
    with server.connect(_TEMPLATE) as connection:
        for extension in _EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
    return server


def _run(program: str, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess:
    """Run one of PostgreSQL's programs; as root it becomes the user postgres, as it insists on."""
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*become, str(postgres_programs() / program), *map(str, arguments)],
        cwd="/",  # the user postgres may not be allowed where we are
        stdin=subprocess.DEVNULL,
        # pg_ctl leaves its output open to the server it starts: a pipe would never end.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if check and done.returncode:
        raise RuntimeError(f"{program} failed with status {done.returncode}; see the log beside its data")
    return done


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
