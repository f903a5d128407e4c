"""What the database can do to an installation: die, run out of connections, time or disk (ordeals 10, 13; 9 beside)."""

import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from marketplace.config import POOL_TIMEOUT_S
from marketplace.db import db
from tests.ordeal.bookers import Bookers
from tests.ordeal.house import House, eventually, publish
from tests.ordeal.small_disk import small_disk
from tests.ordeal.visitors import Visitor
from tests.support.migrating import migrate
from tests.support.postgres import postgres_programs
from tests.support.standby import primary, standby

KILLS, SUBMISSIONS = 20, 200
SQLITE, POSTGRES = "sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))


@pytest.fixture
def folder():
    """Not in pytest's own, which the user postgres may not enter."""
    made = Path(tempfile.mkdtemp(prefix="incontro-ordeal-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def server(folder):
    """A PostgreSQL of the test's own; what it acknowledged is on the disk."""
    node = primary(folder / "primary")
    node.kill()
    node.start()
    yield node
    node.kill()


@pytest.fixture
def house(folder):
    """Makes houses, and ends them before the server ends."""
    made = []

    def make(name="machine", **settings):
        made.append(House(folder / name, **settings))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def served(house, web=True):
    if web:
        house.start_web()
    house.start_worker()
    eventually(lambda: house.status() == "ok", "it never served", 120)
    return house


def quiet(app):
    """The test's own connections, given back before the server is killed or counted."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.mark.needs("postgres")
def test_a_primary_killed_under_load_loses_nothing_and_reads_go_on(folder, server, house):
    migrate(server.server.create_database("incontro"))
    second = standby(server, folder / "standby")
    url, replica = server.server.url("incontro"), second.server.url("incontro")
    machine = served(house(DATABASE_URL=url, DATABASE_REPLICA_URL=replica, WEB_WORKERS="3"))
    web = machine._processes[0]
    bookers = Bookers(machine.app(), machine.address)
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            try:
                answer = Visitor(machine.address).get(f"/organisations/{bookers.slug}")
                seen.append((time.monotonic(), answer.status))
            except OSError as problem:
                seen.append((time.monotonic(), type(problem).__name__))
            time.sleep(0.05)

    eventually(
        lambda: Visitor(machine.address).get(f"/organisations/{bookers.slug}").status == 200, "no page"
    )
    readers = [threading.Thread(target=read, daemon=True) for _ in range(2)]
    for thread in readers:
        thread.start()
    bookers.start()
    try:
        for _ in range(3):
            before = bookers.taken
            eventually(lambda before=before: bookers.taken > before + 8, "nobody books")
            server.kill()
            died, taken = time.monotonic(), bookers.taken
            time.sleep(4)
            read_on = [status for at, status in seen if at > died + 0.5]
            assert len(read_on) > 5
            assert set(read_on) == {200}
            assert bookers.taken <= taken + len(bookers.all)
            server.start()
            eventually(lambda taken=taken: bookers.taken > taken + 8, "nobody books again", 30)
    finally:
        stop.set()
        bookers.stop()
        for thread in readers:
            thread.join()
        second.kill()
    bookers.check()
    assert not bookers.unclear(), machine.log()[-6000:]
    assert bookers.statuses[503]
    assert {status for _at, status in seen} == {200}
    assert web.poll() is None
    eventually(lambda: machine.status() == "ok", "the worker never came back", 60)
    print(f"{bookers.taken} bookings acknowledged, {bookers.statuses}, {len(seen)} pages read")
    quiet(bookers.app)


@pytest.mark.needs("postgres")
def test_a_server_without_free_connections_is_told_and_recovered_from(server, house):
    migrate(server.server.create_database("incontro"))
    machine = served(house(DATABASE_URL=server.server.url("incontro")))
    visitor = Visitor(machine.address)
    assert visitor.get("/").status == 200
    held = []
    with suppress(psycopg.OperationalError):
        while True:
            held.append(server.server.connect("postgres"))
    # what the web processes keep is ended, so that they must ask for new ones
    held[0].execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'incontro'")
    with suppress(psycopg.OperationalError):
        while True:
            held.append(server.server.connect("postgres"))
    for _ in range(3):
        answer = visitor.get("/search?q=pane")
        assert answer.status == 503
        assert "Riprova" in answer.text
    for connection in held:
        connection.close()
    eventually(lambda: visitor.get("/search?q=pane").status == 200, "it never recovered", 30)
    eventually(lambda: machine.status() == "ok", "the worker never came back", 60)
    assert "too many clients" in machine.log()


@pytest.mark.needs("postgres")
def test_a_pool_that_is_used_up_is_told_and_recovered_from(server, house):
    migrate(server.server.create_database("incontro"))
    app = house(DATABASE_URL=server.server.url("incontro"), DATABASE_POOL="1").app()
    with app.app_context():
        held = [db.engine.connect() for _ in range(2)]
    began = time.monotonic()
    assert app.test_client().get("/").status_code == 503
    assert time.monotonic() - began < POOL_TIMEOUT_S * 2
    for connection in held:
        connection.close()
    assert app.test_client().get("/").status_code == 200
    quiet(app)


@pytest.mark.needs("postgres")
def test_a_statement_that_takes_too_long_is_ended_and_told(server, house):
    migrate(server.server.create_database("incontro"))
    machine = house(DATABASE_URL=server.server.url("incontro"), STATEMENT_TIMEOUT_S="1")
    machine.start_web()
    visitor = Visitor(machine.address)
    eventually(lambda: machine.status() is not None, "it never served", 120)
    with server.server.connect("incontro") as other:
        with other.transaction():
            other.execute("LOCK TABLE organisation IN ACCESS EXCLUSIVE MODE")
            began = time.monotonic()
            answer = visitor.get("/organisations/nobody")
            assert time.monotonic() - began < 10
            assert answer.status == 503
            assert "Riprova" in answer.text
        assert visitor.get("/organisations/nobody").status == 404
    assert "statement timeout" in machine.log()


@pytest.mark.needs("postgres")
def test_transactions_that_cannot_both_be_true_are_done_again_whole(server, house):
    migrate(server.server.create_database("incontro"))
    with server.server.connect("postgres") as connection:
        connection.execute("ALTER DATABASE incontro SET default_transaction_isolation = 'serializable'")
    machine = house(DATABASE_URL=server.server.url("incontro"), WEB_WORKERS="4")
    machine.start_web()
    eventually(lambda: machine.status() is not None, "it never served", 120)
    bookers = Bookers(machine.app(), machine.address, number=6)
    bookers.start()
    eventually(lambda: bookers.taken > 60 and "met another transaction" in machine.log(), "none met", 300)
    bookers.stop()
    bookers.check()
    assert set(bookers.statuses) == {302}, bookers.statuses
    quiet(bookers.app)


def disk_of(kind, disk, server_of, house):
    """A house whose database lies on the small disk."""
    if kind == SQLITE:
        return house("disk/machine")
    shutil.chown(disk.folder, "postgres", "postgres")
    node = server_of()
    with node.server.connect("postgres") as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{disk.folder}'")
        connection.execute("CREATE DATABASE incontro TEMPLATE incontro_template TABLESPACE small")
    return house(DATABASE_URL=node.server.url("incontro"))


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_a_full_disk_refuses_writes_answers_reads_and_is_recovered_from(kind, folder, house, request):
    with small_disk(folder / "disk", 128) as disk:
        machine = disk_of(kind, disk, lambda: request.getfixturevalue("server"), house)
        machine = served(machine)
        web = machine._processes[0]
        app = machine.app()
        publish(app, "Stracchino ordalico")
        eventually(lambda: machine.search("stracchino")["total"] == 1, "it was never found")
        bookers = Bookers(app, machine.address, number=2)
        quiet(app)
        bookers.start()
        eventually(lambda: bookers.taken > 4, "nobody books")
        disk.fill()
        eventually(lambda: bookers.statuses[503] > 3, "the disk was never full")
        for _ in range(5):
            assert Visitor(machine.address).get(f"/organisations/{bookers.slug}").status == 200
            assert machine.search("stracchino")["total"] == 1
        disk.free()
        before = bookers.taken
        eventually(lambda: bookers.taken > before + 4, "nobody books again", 60)
        bookers.stop()
        bookers.check()
        assert not bookers.unclear()
        assert web.poll() is None
        assert "SIGBUS" not in machine.log()
        publish(app, "Taleggio ordalico")
        eventually(lambda: machine.search("taleggio")["total"] == 1, "the worker never recovered", 90)
        print(bookers.statuses)
        quiet(app)
        machine.stop()


def back_up(kind, machine, target, node):
    """As docs/deployment.md says: the database while it is written to, and the secrets."""
    target.mkdir()
    shutil.copy(machine.instance / "secrets.json", target)
    if kind == SQLITE:
        source = str(machine.instance / "incontro.db")
        subprocess.run(["sqlite3", source, f".backup '{target / 'incontro.db'}'"], check=True)
    else:
        with (target / "incontro.dump").open("wb") as dump:
            url = node.server.url("incontro").replace("+psycopg", "")
            program = postgres_programs() / "pg_dump"
            subprocess.run([program, "--format=custom", f"--dbname={url}"], stdout=dump, check=True)


def restore(kind, source, house, node):
    """A new machine with what was kept; nothing of the old one."""
    if kind == SQLITE:
        made = house("restored")
        shutil.copy(source / "incontro.db", made.instance)
    else:
        node.server.create_database("restored", template="template0")
        url = node.server.url("restored")
        made = house("restored", DATABASE_URL=url)
        program, address = postgres_programs() / "pg_restore", url.replace("+psycopg", "")
        subprocess.run(
            [program, "--exit-on-error", f"--dbname={address}", source / "incontro.dump"], check=True
        )
    shutil.copy(source / "secrets.json", made.instance)
    return made


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_a_backup_taken_while_people_write_can_be_restored(kind, folder, house, request):
    node = request.getfixturevalue("server") if kind != SQLITE else None
    if node:
        migrate(node.server.create_database("incontro"))
    settings = {"DATABASE_URL": node.server.url("incontro")} if node else {}
    machine = served(house("machine", **settings))
    publish(machine.app(), "Stracchino ordalico")
    bookers = Bookers(machine.app(), machine.address)
    bookers.start()
    eventually(lambda: bookers.taken > 20, "nobody books")
    before = {one.household: one.taken[-1] for one in bookers.all}
    back_up(kind, machine, folder / "backup", node)
    bookers.stop()
    after = {one.household: one.sent[-1] for one in bookers.all}
    machine.stop()

    restored = restore(kind, folder / "backup", house, node)
    served(restored)
    assert restored.search("stracchino")["total"] == 1
    app = restored.app()
    with app.app_context():
        for household, quantity in db.session.execute(
            sa.text(
                "SELECT basket.household_id, booking.quantity FROM booking JOIN basket ON basket.id = basket_id"
            )
        ):
            assert 1000 * before[household] <= quantity <= 1000 * after[household]
            del before[household]
        # every form was taken, so a household's forms and what they say are of one moment
        uneven = (
            "SELECT count(*) FROM basket JOIN booking ON basket_id = basket.id WHERE quantity <> 1000 * ("
        )
        uneven += "SELECT count(*) FROM submission JOIN household_member USING (person_id)"
        uneven += " WHERE household_id = basket.household_id)"
        assert db.session.scalar(sa.text(uneven)) == 0
    assert not before
    if kind == SQLITE:
        with closing(sqlite3.connect(restored.instance / "incontro.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # who was signed in still is, and books on
    for one in bookers.all:
        one.visitor.address = restored.address
        assert one.book() == 302
    quiet(app)


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_all_processes_killed_amid_bookings_lose_none_that_was_acknowledged(kind, house, request):
    node = request.getfixturevalue("server") if kind != SQLITE else None
    if node:
        migrate(node.server.create_database("incontro"))
    machine = house(**({"DATABASE_URL": node.server.url("incontro")} if node else {}))
    web = machine.start_web()
    eventually(lambda: machine.status() is not None, "it never served", 120)
    bookers = Bookers(machine.app(), machine.address, number=5)
    for number in range(KILLS):
        before = bookers.taken
        bookers.start()
        eventually(lambda before=before: bookers.taken > before + SUBMISSIONS // 2, "nobody books")
        machine.kill(web)
        bookers.stop()
        web = machine.start_web()
        eventually(lambda: machine.status() is not None, f"kill {number} was the end", 60)
        bookers.check()
    if kind == SQLITE:
        with closing(sqlite3.connect(machine.instance / "incontro.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not bookers.unclear()
    print(f"{bookers.taken} acknowledged, {bookers.statuses}")
    quiet(bookers.app)
