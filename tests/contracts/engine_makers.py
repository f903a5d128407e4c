"""Every engine that the contract suite tries: a name, and how to make an empty one in a folder.

An engine joins by adding itself here. It is made over the tree and the criteria of
:mod:`tests.search.factories` and the names of comuni below.
"""

from collections.abc import Callable
from pathlib import Path

from search.embedded import EmbeddedEngine
from search.engine import Engine
from tests.search.factories import CRITERIA, TREE

COMUNE_NAMES = {"016024": "Bergamo", "016091": "Clusone", "017029": "Brescia"}


def embedded(folder: Path) -> Engine:
    engine = EmbeddedEngine(folder / "index", TREE, CRITERIA, COMUNE_NAMES)
    engine.rebuild(())
    return engine


MAKERS: dict[str, Callable[[Path], Engine]] = {"embedded": embedded}
