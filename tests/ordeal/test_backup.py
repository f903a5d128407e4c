"""Ordeal 13: a backup taken while people write, as docs/deployment.md says, and a new machine made of it."""

import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
import sqlalchemy as sa

from marketplace.db import db
from tests.ordeal.bookers import Bookers
from tests.ordeal.house import eventually, publish
from tests.support.postgres import postgres_programs


def plain(url: str) -> str:
    """As PostgreSQL's own programs want it."""
    return url.replace("+psycopg", "")


@pytest.fixture
def backup(folder):
    made = folder / "backup"
    made.mkdir()
    return made


def back_up(machine, target, node):
    """The database while it is written to, and the secrets."""
    shutil.copy(machine.instance / "secrets.json", target)
    if node is None:
        source = str(machine.instance / "incontro.db")
        subprocess.run(["sqlite3", source, f".backup '{target / 'incontro.db'}'"], check=True)
        return
    with (target / "incontro.dump").open("wb") as dump:
        program = postgres_programs() / "pg_dump"
        address = plain(node.server.url("incontro"))
        subprocess.run([program, "--format=custom", f"--dbname={address}"], stdout=dump, check=True)


def restore(source, make_house, node):
    """A new machine with what was kept; nothing of the old one."""
    if node is None:
        made = make_house("restored")
        shutil.copy(source / "incontro.db", made.instance)
    else:
        url = node.server.create_database("restored", template="template0")
        made = make_house("restored", DATABASE_URL=url)
        program = postgres_programs() / "pg_restore"
        subprocess.run(
            [program, "--exit-on-error", f"--dbname={plain(url)}", source / "incontro.dump"], check=True
        )
    shutil.copy(source / "secrets.json", made.instance)
    return made


#: Every form was taken, so a household's forms and what they say are of one moment.
UNEVEN = sa.text("""
    SELECT count(*) FROM basket JOIN booking ON basket_id = basket.id WHERE quantity <> 1000 * (
        SELECT count(*) FROM submission JOIN household_member USING (person_id)
        WHERE household_id = basket.household_id)
""")
BOOKED = sa.text(
    "SELECT basket.household_id, booking.quantity FROM booking JOIN basket ON basket.id = basket_id"
)


def test_a_backup_taken_while_people_write_can_be_restored(house, node, make_house, backup):
    house.serve()
    publish(house.app(), "Stracchino ordalico")
    bookers = Bookers(house.app(), house.address)
    bookers.start()
    eventually(lambda: bookers.taken > 20, "nobody books")
    before = {one.household: one.taken[-1] for one in bookers.all}
    back_up(house, backup, node)
    bookers.stop()
    after = {one.household: one.sent[-1] for one in bookers.all}
    house.stop()

    restored = restore(backup, make_house, node)
    restored.serve()
    assert restored.search("stracchino")["total"] == 1
    with restored.app().app_context():
        for household, quantity in db.session.execute(BOOKED):
            assert 1000 * before[household] <= quantity <= 1000 * after[household]
            del before[household]
        assert db.session.scalar(UNEVEN) == 0
    assert not before
    if node is None:
        with closing(sqlite3.connect(restored.instance / "incontro.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # who was signed in still is, and books on
    for one in bookers.all:
        one.visitor.address = restored.address
        assert one.book() == 302
