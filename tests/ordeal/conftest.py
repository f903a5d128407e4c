"""What ordeals stand on: folders that a database server may enter, servers and houses that end with the test."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ordeal.house import House
from tests.support.standby import Node, primary

SQLITE, POSTGRES = "sqlite", "postgres"
BOTH = [SQLITE, pytest.param(POSTGRES, marks=pytest.mark.needs("postgres"))]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not in pytest's own, which the user postgres may not enter."""
    made = Path(tempfile.mkdtemp(prefix="incontro-ordeal-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def server(folder) -> Iterator[Node]:
    """A PostgreSQL of the test's own; what it acknowledged is on the disk."""
    node = primary(folder / "primary")
    node.kill()
    node.start()
    yield node
    node.kill()


@pytest.fixture
def make_house(folder, request) -> Iterator[Callable[..., House]]:
    """Makes houses, and ends them before the server ends."""
    for server_first in {"node", "server"} & set(request.fixturenames):
        request.getfixturevalue(server_first)
    made = []

    def make(name: str = "machine", **settings: str) -> House:
        made.append(House(folder / name, **settings))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture(params=BOTH)
def kind(request) -> str:
    """Which database: the test runs on each."""
    return request.param


@pytest.fixture
def node(kind, request) -> Node | None:
    """The server of ``kind``; none for SQLite."""
    return request.getfixturevalue("server") if kind == POSTGRES else None


@pytest.fixture
def tables(node) -> dict[str, str]:
    """The settings that name an empty database of ``kind``, which has no table yet."""
    return {"DATABASE_URL": node.server.create_database("incontro")} if node else {}


@pytest.fixture
def house(make_house, tables) -> House:
    """A house on an empty database, once of each kind; nothing runs yet."""
    return make_house(**tables)
