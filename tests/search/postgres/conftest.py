"""Engines over one database, as several processes on several machines have them."""

import pytest

from search.postgres import PostgresEngine
from tests.contracts.engine_makers import COMUNE_NAMES
from tests.search.factories import CRITERIA, TREE

PREFIX = "tried"


@pytest.fixture
def open_engine(search_database):
    """Opens the index as another process would: a new engine each time."""
    return lambda tree=TREE, **options: PostgresEngine(
        search_database, tree, CRITERIA, COMUNE_NAMES, prefix=PREFIX, **options
    )


@pytest.fixture
def engine(open_engine):
    """An engine over an index that holds nobody."""
    engine = open_engine()
    engine.rebuild(())
    return engine
