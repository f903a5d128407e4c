"""Every engine that the contract suite tries: a name, and how to make an empty one.

An engine joins by adding itself here. It is made over the tree and the criteria of
:mod:`tests.search.factories` and the names of comuni below. What it needs (a folder, a database) its maker
gets from the fixtures of the test, by name.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

from search.embedded import EmbeddedEngine
from search.engine import Engine
from search.postgres import PostgresEngine
from tests.search.factories import CRITERIA, TREE

COMUNE_NAMES = {"016024": "Bergamo", "016091": "Clusone", "017029": "Brescia"}


def embedded(request: pytest.FixtureRequest) -> Engine:
    folder = Path(mkdtemp(dir=request.getfixturevalue("tmp_path")))
    return EmbeddedEngine(folder / "index", TREE, CRITERIA, COMUNE_NAMES)


def postgres(request: pytest.FixtureRequest) -> Engine:
    return PostgresEngine(
        request.getfixturevalue("search_database"), TREE, CRITERIA, COMUNE_NAMES, prefix="contract"
    )


MAKERS: dict[str, Callable[[pytest.FixtureRequest], Engine]] = {"embedded": embedded, "postgres": postgres}
