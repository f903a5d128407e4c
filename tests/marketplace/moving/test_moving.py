"""A whole installation into PostgreSQL and back, nothing lost and nothing changed."""

import pytest
import sqlalchemy as sa

from marketplace import create_app
from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.moving.copying import differences, tables
from marketplace.outbox import OutboxEntry
from marketplace.stored_files import StoredFile
from tests.conftest import app_config
from tests.factories import (
    make_area,
    make_claim,
    make_demand,
    make_membership,
    make_offer,
    make_organisation,
    make_user,
)
from tests.support.databases import new_database
from tests.support.migrating import migrate

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def database_of(session_folder, worker_name, tmp_path):
    made = []

    def make(kind: str) -> str:
        name = f"moving_{worker_name}_{len(made)}"
        made.append(new_database(kind, name, session_folder, migrate))
        return made[-1].url

    yield make
    for database in made:
        database.drop()


@pytest.fixture
def app_on(tmp_path):
    made = []

    def make(url: str):
        made.append(create_app(app_config(url, tmp_path / "instance")))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def fill(app) -> None:
    with app.app_context(), writing():
        session = db.session
        person = make_user(session)
        organisation = make_organisation(session)
        make_membership(session, person, organisation)
        make_area(session, organisation)
        offer = make_offer(session, organisation, title="Formaggio àèìòù 🧀", area_ids=None, open_price=None)
        make_claim(session, organisation, offer=offer)
        earlier, later = make_demand(session, organisation), make_demand(session, organisation)
        # a reference that points forward
        earlier.copied_from_id = later.id
        session.add(StoredFile(stored_as="ab/cd/ef", content=b"\x00\xff", size=2, created_at=utc_now()))
        session.commit()


def move(app, url: str, *options: str):
    return app.test_cli_runner().invoke(args=["move", "--to", url, *options])


def rows(app) -> dict[str, list]:
    """Every row, but what the move itself orders in the outbox."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in tables()
            if table.name != OutboxEntry.__tablename__
        }


def test_there_and_back_every_row_is_the_same(database_of, app_on):
    here, there, back = (app_on(database_of(kind)) for kind in ("sqlite", "postgres", "sqlite"))
    fill(here)
    before = rows(here)
    assert before["demand"]
    assert before["stored_file"]

    answer = move(here, there.config["DATABASE_URL"])
    assert answer.exit_code == 0, answer.output
    assert "the same on both sides" in answer.output
    assert rows(there) == before
    assert move(there, back.config["DATABASE_URL"]).exit_code == 0
    assert rows(back) == before
    assert rows(here) == before


def test_after_the_move_new_rows_get_new_ids_and_the_index_is_built(database_of, app_on):
    here, there = app_on(database_of("sqlite")), app_on(database_of("postgres"))
    fill(here)
    move(here, there.config["DATABASE_URL"])

    with there.app_context(), writing():
        assert make_organisation(db.session).id > 1
        topics = db.session.scalars(sa.select(OutboxEntry.topic)).all()
        db.session.commit()
    assert "rebuild" in topics


def test_what_holds_something_is_replaced_only_when_told_so(database_of, app_on):
    here, there = app_on(database_of("sqlite")), app_on(database_of("postgres"))
    fill(here)
    fill(there)
    before = rows(there)

    refused = move(here, there.config["DATABASE_URL"])
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert rows(there) == before

    assert move(here, there.config["DATABASE_URL"], "--replace").exit_code == 0
    assert rows(there) == rows(here)


def test_a_database_is_not_moved_into_itself_nor_into_what_is_not_there(database_of, app_on):
    here = app_on(database_of("sqlite"))
    fill(here)

    assert "in use" in move(here, here.config["DATABASE_URL"]).output
    assert move(here, "postgresql://nobody:x@127.0.0.1:1/nothing").exit_code == 1


def test_a_row_that_differs_is_seen(database_of, app_on):
    here, there = app_on(database_of("sqlite")), app_on(database_of("postgres"))
    fill(here)
    move(here, there.config["DATABASE_URL"])
    with there.app_context(), db.engine.begin() as target:
        target.execute(sa.text("UPDATE offer SET title = 'x', price = 1"))

    with here.app_context():
        source_engine = db.engine
    with there.app_context(), source_engine.connect() as source, db.engine.connect() as target:
        found = {(one.table, one.what) for one in differences(source, target)}

    assert {("offer", "title"), ("offer", "price")} <= found
