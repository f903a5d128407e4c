"""The primary dies under load and comes back: nothing acknowledged is lost, readers read on from the replica."""

import http.client
import threading
import time

import pytest

from tests.ordeal.bookers import Bookers
from tests.ordeal.house import eventually
from tests.ordeal.visitors import Visitor
from tests.support.standby import standby

pytestmark = pytest.mark.needs("postgres")

DEATHS, DEAD_S = 3, 4


class Readers:
    """Two strangers who read a page without pause; ``seen`` holds when and what each was answered."""

    def __init__(self, address: str, page: str):
        self.seen: list[tuple[float, int | str]] = []
        self._address, self._page, self._stop = address, page, threading.Event()
        self._threads = [threading.Thread(target=self._read, daemon=True) for _ in range(2)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def since(self, moment: float) -> list[int | str]:
        return [status for at, status in self.seen if at > moment]

    def _read(self) -> None:
        while not self._stop.is_set():
            try:
                status = Visitor(self._address).get(self._page).status
            except (OSError, http.client.HTTPException) as problem:
                status = type(problem).__name__
            self.seen.append((time.monotonic(), status))
            self._stop.wait(0.05)


def test_a_primary_killed_under_load_loses_nothing_and_reads_go_on(folder, server, make_house):
    url = server.server.create_database("incontro")
    second = standby(server, folder / "standby")
    machine = make_house(
        DATABASE_URL=url, DATABASE_REPLICA_URL=second.server.url("incontro"), WEB_WORKERS="3"
    )
    web = machine.serve()
    bookers = Bookers(machine.app(), machine.address)
    page = f"/organisations/{bookers.slug}"
    readers = Readers(machine.address, page)
    try:
        eventually(lambda: Visitor(machine.address).get(page).status == 200, "the replica does not follow")
        readers.start()
        bookers.start()
        for _ in range(DEATHS):
            before = bookers.taken
            eventually(lambda before=before: bookers.taken > before + 8, "nobody books")
            server.kill()
            died, taken = time.monotonic(), bookers.taken
            time.sleep(DEAD_S)
            read_on = readers.since(died + 0.5)
            assert len(read_on) > 5
            assert set(read_on) == {200}
            assert bookers.taken <= taken + len(bookers.all)
            server.start()
            eventually(lambda taken=taken: bookers.taken > taken + 8, "nobody books again", 30)
        eventually(lambda: machine.status() == "ok", "the worker never came back")
    finally:
        readers.stop()
        bookers.stop()
        machine.let_go()
        second.kill()
    bookers.check()
    assert not bookers.unclear(), bookers.statuses
    assert bookers.statuses[503]
    assert set(readers.since(0)) == {200}
    assert web.poll() is None
    assert machine.worker.poll() is None
    print(f"{bookers.taken} bookings acknowledged, {bookers.statuses}, {len(readers.seen)} pages read")
