"""Machines that share nothing but PostgreSQL start and are renewed under load (ordeals 7 and 14)."""

import shutil
import signal
import threading
import time
from collections import Counter

import pytest

from tests.ordeal.bookers import Bookers
from tests.ordeal.house import House, eventually, publish
from tests.ordeal.nginx import through_nginx
from tests.ordeal.visitors import Visitor

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def machines(folder, server, make_house):
    """Makes two machines on an empty database, each with an instance folder of its own and the secrets of the first."""

    def make(**settings) -> list[House]:
        url = server.server.create_database("incontro")
        first = make_house("machine-0", DATABASE_URL=url, **settings)
        first.app()  # which makes the secrets
        secrets = str(first.instance / "secrets.json")
        return [first, make_house("machine-1", DATABASE_URL=url, SECRETS_FILE=secrets, **settings)]

    return make


def test_two_machines_that_start_together_on_an_empty_database_serve(machines):
    first, second = machines()
    for machine in (first, second):
        machine.start_web()
        machine.start_worker()
    for machine in (first, second):
        eventually(lambda machine=machine: machine.status() == "ok", "it never served", 120)
        assert "Traceback" not in machine.log()
    publish(first.app(), "Stracchino ordalico")
    for machine in (first, second):
        eventually(lambda machine=machine: machine.search("stracchino")["total"] == 1, "it was never found")


def load(address, path, stop, statuses):
    """Asks without pause and counts what is answered, or that nothing is."""
    while not stop.is_set():
        try:
            statuses[Visitor(address).get(path).status] += 1
        except Exception as problem:
            statuses[type(problem).__name__] += 1
        time.sleep(0.01)


def test_web_processes_are_renewed_under_load_and_no_request_is_lost(machines):
    machine, _ = machines()
    web = machine.start_web()
    eventually(lambda: machine.status() is not None, "it never served", 120)
    bookers = Bookers(machine.app(), machine.address)
    statuses, stop = Counter(), threading.Event()
    reader = threading.Thread(
        target=load, args=(machine.address, f"/organisations/{bookers.slug}", stop, statuses), daemon=True
    )
    reader.start()
    bookers.start()
    try:
        for _ in range(3):
            before = bookers.taken
            web.send_signal(signal.SIGHUP)
            eventually(lambda before=before: bookers.taken > before + 20, "nobody books")
    finally:
        stop.set()
        reader.join()
        bookers.stop()
    bookers.check()
    assert set(statuses) == {200}, statuses
    assert set(bookers.statuses) == {302}, bookers.statuses
    assert machine.log().count("Handling signal: hup") == 3


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_machines_restarted_one_after_the_other_behind_nginx_lose_no_request(machines, folder):
    both = machines(TRUSTED_PROXIES="1")
    for machine in both:
        machine.hold_socket()
    webs = [machine.start_web_on_held_socket() for machine in both]
    for machine in both:
        eventually(lambda machine=machine: machine.status() is not None, "it never served", 120)
    address, nginx = through_nginx(folder, both)
    statuses, stop = Counter(), threading.Event()
    try:
        eventually(lambda: nginx.poll() is None and answers(address), "nginx never served", 30)
        bookers = Bookers(both[0].app(), address)
        reader = threading.Thread(
            target=load, args=(address, f"/organisations/{bookers.slug}", stop, statuses), daemon=True
        )
        reader.start()
        bookers.start()
        for number, machine in enumerate(both):
            before = bookers.taken
            eventually(lambda before=before: bookers.taken > before + 10, "nobody books")
            webs[number].send_signal(signal.SIGTERM)
            assert webs[number].wait(90) == 0
            machine.start_web_on_held_socket()
            eventually(lambda machine=machine: machine.status() is not None, "it never came back", 120)
        stop.set()
        reader.join()
        bookers.stop()
    finally:
        stop.set()
        nginx.terminate()
        nginx.wait()
    bookers.check()
    print(statuses, bookers.statuses)
    assert set(statuses) == {200}, statuses
    assert set(bookers.statuses) == {302}, bookers.statuses


def answers(address: str) -> bool:
    try:
        return Visitor(address).get("/healthz").status == 200
    except OSError:
        return False
