"""An engine of every kind, filled and empty."""

import pytest

from tests.contracts.engine_makers import MAKERS

_KINDS = ["embedded", pytest.param("postgres", marks=pytest.mark.needs("postgres"))]


@pytest.fixture(params=_KINDS)
def make_engine(request):
    """Makes an engine that holds the given suppliers; each call starts from nothing."""

    def make(*suppliers):
        engine = MAKERS[request.param](request)
        engine.rebuild(suppliers)
        return engine

    return make
