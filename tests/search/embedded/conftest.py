"""An engine over a folder of its own."""

import pytest

from search.embedded import EmbeddedEngine
from tests.contracts.engine_makers import COMUNE_NAMES
from tests.search.factories import CRITERIA, TREE


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def open_engine(folder):
    """Opens the folder as another process would: a new engine each time."""
    return lambda: EmbeddedEngine(folder, TREE, CRITERIA, COMUNE_NAMES)


@pytest.fixture
def engine(open_engine):
    engine = open_engine()
    engine.rebuild(())
    return engine
