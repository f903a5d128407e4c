"""Primary and standby for real: who reads where, and what goes on while one of them is dead."""

import shutil
import tempfile
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketplace import create_app
from marketplace.db import db, writing
from marketplace.organisations.models import Organisation
from marketplace.replicas import LOOK_EVERY_S
from tests.conftest import app_config
from tests.factories import make_organisation
from tests.marketplace.accounts.people import make_person, sign_in
from tests.support.migrating import migrate
from tests.support.standby import primary, standby

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def pair():
    # not in pytest's own folder, which the user postgres may not enter
    folder = Path(tempfile.mkdtemp(prefix="incontro-pair-"))
    folder.chmod(0o755)
    first = primary(folder / "primary")
    migrate(first.server.create_database("incontro"))
    second = standby(first, folder / "standby")
    yield first, second
    second.kill()
    first.kill()
    shutil.rmtree(folder)


@pytest.fixture
def app(pair, tmp_path):
    first, second = pair
    made = create_app(
        app_config(
            first.server.url("incontro"),
            tmp_path / "instance",
            DATABASE_REPLICA_URL=second.server.url("incontro"),
        )
    )
    yield made
    with made.app_context():
        for engine in db.engines.values():
            engine.dispose()


def replica_does(app, statement: str) -> None:
    with app.app_context(), db.get_engine("replica").connect() as connection:
        connection.execute(sa.text(statement))


def rename(app, name: str) -> None:
    with app.app_context(), writing():
        db.session.scalar(sa.select(Organisation)).name = name
        db.session.commit()


def caught_up(app, name: str) -> None:
    """Wait until the standby knows the name."""
    for _ in range(100):
        with app.app_context(), db.get_engine("replica").connect() as connection:
            if connection.scalar(sa.select(Organisation.name)) == name:
                return
        time.sleep(0.1)
    raise AssertionError("the standby does not follow")


def test_strangers_read_the_standby_members_and_writers_the_primary(app):
    with app.app_context(), writing():
        slug = make_organisation(db.session, name="Prima").slug
        email = make_person(db.session).email
        db.session.commit()
    caught_up(app, "Prima")
    page = f"/organisations/{slug}"
    member, stranger = app.test_client(), app.test_client()
    sign_in(member, email)
    assert "Prima" in stranger.get(page).text

    replica_does(app, "SELECT pg_wal_replay_pause()")
    rename(app, "Seconda")

    assert "Prima" in stranger.get(page).text
    assert "Seconda" in member.get(page).text
    member.get("/logout")
    member.post("/logout")
    assert "Seconda" in member.get(page).text, "they have just written"
    replica_does(app, "SELECT pg_wal_replay_resume()")
    caught_up(app, "Seconda")
    assert "Seconda" in app.test_client().get(page).text


def test_a_dead_standby_is_left_aside_and_taken_back(app, pair):
    with app.app_context(), writing():
        slug = make_organisation(db.session, name="Prima").slug
        db.session.commit()
    caught_up(app, "Prima")
    page, second = f"/organisations/{slug}", pair[1]
    assert app.test_client().get(page).status_code == 200

    second.kill()
    for _ in range(5):
        assert app.test_client().get(page).status_code == 200
    second.start()
    caught_up(app, "Prima")
    time.sleep(LOOK_EVERY_S)
    replica_does(app, "SELECT pg_wal_replay_pause()")
    rename(app, "Seconda")
    assert "Prima" in app.test_client().get(page).text, "it is read from again"
    replica_does(app, "SELECT pg_wal_replay_resume()")


def test_while_the_primary_is_dead_strangers_read_on_and_writers_are_told(app, pair):
    with app.app_context(), writing():
        slug = make_organisation(db.session, name="Prima").slug
        email = make_person(db.session).email
        db.session.commit()
    caught_up(app, "Prima")
    page, first = f"/organisations/{slug}", pair[0]
    assert app.test_client().get(page).status_code == 200

    first.kill()
    assert app.test_client().get(page).status_code == 200
    assert sign_in(app.test_client(), email).status_code == 503
    first.start()
    assert sign_in(app.test_client(), email).status_code == 302
