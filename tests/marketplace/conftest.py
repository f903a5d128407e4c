"""For tests of parts that speak the reader's language but touch no database."""

import pytest

from marketplace import create_app


@pytest.fixture(scope="session")
def plain_app(tmp_path_factory):
    """An application that is never asked for its database."""
    return create_app(
        {"TESTING": True, "INSTANCE": str(tmp_path_factory.mktemp("plain")), "WTF_CSRF_ENABLED": False}
    )


@pytest.fixture
def request_context(plain_app):
    """A running request of an Italian reader."""
    with plain_app.test_request_context("/", headers={"Accept-Language": "it"}):
        yield
