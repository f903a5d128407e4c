"""What tests share: databases of both kinds, the application, a browser, and honest skips.

A test that touches SQL asks for ``app`` (or ``client``, ``session``), which brings it to run once on SQLite
and once on PostgreSQL, in a transaction that is rolled back. One that needs real commits (threads, processes,
other connections) asks for ``fresh_app``, which has a database of its own.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from marketplace import create_app
from marketplace.db import db
from tests.support.databases import Database, new_database
from tests.support.examples import FACTOR
from tests.support.isolation import Client, rolled_back
from tests.support.migrating import migrate
from tests.support.session import close_session_folder, open_session_folder

pytest_plugins = [
    "pytester",
    "tests.support.distribution",
    "tests.support.search_databases",
    "tests.support.skips",
    "tests.support.web",
]

SESSION_FOLDER = pytest.StashKey[Path]()

# Machines differ in speed, so no example has a deadline.
settings.register_profile(
    "house",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=30 * FACTOR,
)
settings.load_profile("house")

_BOTH_KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))]


def pytest_configure(config: pytest.Config) -> None:
    worker = getattr(config, "workerinput", None)
    config.stash[SESSION_FOLDER] = (
        Path(worker["session_folder"])
        if worker
        # load and faults are tried on a disk, as they will be met
        else open_session_folder(in_memory="not ordeal" in config.option.markexpr)
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["session_folder"] = str(node.config.stash[SESSION_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and SESSION_FOLDER in config.stash:
        close_session_folder(config.stash[SESSION_FOLDER])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "ordeal" in Path(item.path).parent.parts:
            item.add_marker("ordeal")


@pytest.fixture(scope="session")
def session_folder(pytestconfig: pytest.Config) -> Path:
    """The folder that all processes of this test session share."""
    return pytestconfig.stash[SESSION_FOLDER]


@pytest.fixture(scope="session")
def worker_name() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session", params=_BOTH_KINDS)
def database(request, session_folder, worker_name) -> Iterator[Database]:
    """This worker's migrated database, one of each kind; keep what you write inside ``rolled_back``."""
    made = new_database(request.param, f"{request.param}_{worker_name}", session_folder, migrate)
    yield made
    made.drop()


@pytest.fixture(scope="session")
def shared_app(database, session_folder, tmp_path_factory) -> Iterator[Flask]:
    # an index within PostgreSQL would outlive what each test takes back, and be found by the next one
    instance = tmp_path_factory.mktemp("instance")
    made = _made(session_folder, app_config(database.url, instance, SEARCH_ENGINE="embedded"))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application on ``database``; what the test commits is undone after it. No context is pushed."""
    with rolled_back(shared_app):
        yield shared_app


@pytest.fixture
def app_context(app: Flask) -> Iterator[None]:
    """A pushed application context, for operations and queries called directly."""
    with app.app_context():
        yield


@pytest.fixture
def session(app_context) -> Session:
    """``db.session`` in a pushed application context."""
    return db.session


@pytest.fixture
def client(app: Flask) -> Client:
    return app.test_client()


@pytest.fixture(params=_BOTH_KINDS)
def fresh_database(request, session_folder, worker_name, tmp_path) -> Iterator[Database]:
    """A migrated, empty database for this test alone, where commits are real."""
    name = f"fresh_{worker_name}_{tmp_path.name}".lower()[-60:]
    made = new_database(request.param, name, session_folder, migrate)
    yield made
    made.drop()


@pytest.fixture
def make_fresh_app(fresh_database, session_folder, tmp_path) -> Iterator[Callable[..., Flask]]:
    """Makes applications on ``fresh_database``, as several processes would be; all share one instance folder."""
    made: list[Flask] = []

    def make(**config) -> Flask:
        app = _made(session_folder, app_config(fresh_database.url, tmp_path / "instance", **config))
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def fresh_app(make_fresh_app) -> Flask:
    """An application on ``fresh_database``, for threads, processes and whatever opens its own connection."""
    return make_fresh_app()


def _made(session_folder: Path, config: dict) -> Flask:
    """An application with clients of a context of their own, and templates that no process translates twice."""
    app = create_app(config)
    app.test_client_class = Client
    translated = session_folder / "templates"
    translated.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(translated))
    return app


def app_config(database_url: str, instance: Path, **config) -> dict:
    return {
        "TESTING": True,
        "DATABASE_URL": database_url,
        "INSTANCE": str(instance),
        "SERVER_NAME": None,
        # what forms check is tested on forms; the token itself in tests/marketplace/test_csrf.py
        "WTF_CSRF_ENABLED": False,
        # a hash that nobody has to guess may be quick
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"argon2__rounds": 1, "argon2__memory_cost": 64},
        # counted in the database by a connection of its own, which would wait for the test's for ever
        "RATELIMIT_ENABLED": False,
        **config,
    }
