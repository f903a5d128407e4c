"""A database for engines that keep their index in one: no tables of the application, only the extensions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from search.postgres import open_engine
from tests.support.postgres import shared_server


@pytest.fixture(scope="session")
def search_database_url(session_folder: Path, worker_name: str) -> Iterator[str]:
    """The URL of a database of this worker alone."""
    server = shared_server(session_folder)
    name = f"search_{worker_name}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def search_database(search_database_url: str) -> Iterator[sa.Engine]:
    """Connections to it."""
    engine = open_engine(search_database_url)
    yield engine
    engine.dispose()
