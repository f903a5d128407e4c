"""Ordeal 9: every process is killed amid bookings, again and again; what was acknowledged is there once."""

import sqlite3
from contextlib import closing

from tests.ordeal.bookers import Bookers
from tests.ordeal.house import START_S, eventually

KILLS, SUBMISSIONS = 20, 200


def test_all_processes_killed_amid_bookings_lose_none_that_was_acknowledged(house, node):
    web = house.start_web()
    eventually(lambda: house.status() is not None, "it never served", START_S)
    bookers = Bookers(house.app(), house.address, number=5)
    for number in range(KILLS):
        before = bookers.taken
        bookers.start()
        eventually(lambda before=before: bookers.taken > before + SUBMISSIONS // 2, "nobody books")
        house.kill(web)
        bookers.stop()
        web = house.start_web()
        eventually(lambda: house.status() is not None, f"kill {number} was the end")
        bookers.check()
    if node is None:
        with closing(sqlite3.connect(house.instance / "incontro.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not bookers.unclear(), bookers.statuses
    print(f"{bookers.taken} acknowledged, {bookers.statuses}")
