"""Ordeal 10: the disk under the database is full; writes are refused in words, reads go on, and it passes by itself."""

import shutil

from tests.ordeal.bookers import Bookers
from tests.ordeal.house import eventually, publish
from tests.ordeal.small_disk import small_disk
from tests.ordeal.visitors import Visitor

MEGABYTES = 128


def house_on(disk, node, make_house):
    """A house whose database lies on the small disk."""
    if node is None:
        return make_house("disk/machine")
    shutil.chown(disk.folder, "postgres", "postgres")
    with node.server.connect("postgres") as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{disk.folder}'")
        connection.execute("CREATE DATABASE incontro TEMPLATE incontro_template TABLESPACE small")
    return make_house(DATABASE_URL=node.server.url("incontro"))


def test_a_full_disk_refuses_writes_answers_reads_and_is_recovered_from(folder, node, make_house):
    with small_disk(folder / "disk", MEGABYTES) as disk:
        machine = house_on(disk, node, make_house)
        web = machine.serve()
        app = machine.app()
        publish(app, "Stracchino ordalico")
        eventually(lambda: machine.search("stracchino")["total"] == 1, "it was never found")
        bookers = Bookers(app, machine.address, number=2)
        bookers.start()
        eventually(lambda: bookers.taken > 4, "nobody books")
        disk.fill()
        eventually(lambda: bookers.statuses[503] > 3, "the disk was never full")
        for _ in range(5):
            assert Visitor(machine.address).get(f"/organisations/{bookers.slug}").status == 200
            assert machine.search("stracchino")["total"] == 1
        disk.free()
        before = bookers.taken
        eventually(lambda: bookers.taken > before + 4, "nobody books again")
        bookers.stop()
        bookers.check()
        assert not bookers.unclear(), bookers.statuses
        assert web.poll() is None
        assert "SIGBUS" not in machine.log()
        publish(app, "Taleggio ordalico")
        eventually(lambda: machine.search("taleggio")["total"] == 1, "the worker never recovered", 90)
        assert machine.worker.poll() is None
        print(bookers.statuses)
        machine.stop()
