"""An engine of every kind, filled and empty."""

from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.contracts.engine_makers import MAKERS


@pytest.fixture(params=list(MAKERS))
def make_engine(request, tmp_path):
    """Makes an engine that holds the given suppliers; each call starts from nothing."""

    def make(*suppliers):
        engine = MAKERS[request.param](Path(mkdtemp(dir=tmp_path)))
        engine.rebuild(suppliers)
        return engine

    return make
