"""Ordeal 44: the index is deleted or damaged under people's feet; the database answers, it is flagged and mended."""

import os
import random
import shutil
from pathlib import Path

import pytest

from marketplace.engines import index_engine
from search.engine import EngineUnavailable
from tests.ordeal.house import House, eventually, publish
from tests.support.lost_index import lose_index


def serving(house: House) -> House:
    """A house in which one offer is found."""
    house.serve()
    publish(house.app(), "Stracchino ordalico")
    eventually(lambda: house.search("stracchino")["total"] == 1, "it was never found")
    return house


@pytest.fixture
def in_files(make_house):
    return serving(make_house())


@pytest.fixture
def in_tables(server, make_house):
    return serving(make_house(DATABASE_URL=server.server.create_database("incontro")))


def mended(house: House) -> None:
    eventually(lambda: house.search("stracchino")["degraded"] is False, "it was never mended")
    eventually(lambda: house.status() == "ok", "it was never well again")
    assert house.search("stracchino")["total"] == 1


def test_an_index_that_is_deleted_while_serving_is_served_for_and_mended(house):
    serving(house)
    for _ in range(3):
        with house.app().app_context():
            lose_index()
        assert {house.search("stracchino")["total"] for _ in range(5)} == {1}
        mended(house)


def damage(path: Path, how: str) -> None:
    if how == "emptied":
        path.write_bytes(b"")
    elif how == "cut":
        os.truncate(path, path.stat().st_size // 2)
    else:
        content = bytearray(path.read_bytes())
        for place in random.Random(7).sample(range(len(content)), min(12, len(content))):
            content[place] ^= 0xFF
        path.write_bytes(content)


HOWS = pytest.mark.parametrize("how", ["emptied", "cut", "flipped"])


@HOWS
def test_a_damaged_file_of_the_index_is_served_for_and_mended(in_files, how):
    for path in sorted((in_files.instance / "index").rglob("*")):
        if path.is_file() and path.exists() and path.stat().st_size and "LOCK" not in path.name:
            damage(path, how)
            assert in_files.search("stracchino")["total"] == 1, path.name
    mended(in_files)


def test_an_index_folder_that_may_not_be_written_does_not_stop_the_search(in_files):
    shutil.rmtree(in_files.instance / "index")
    # root writes everywhere, so a file stands where the folder should be
    (in_files.instance / "index").write_text("in the way")
    try:
        assert in_files.search("stracchino") == in_files.search("stracchino")
        assert in_files.search("stracchino")["degraded"]
        with in_files.app().app_context(), pytest.raises((EngineUnavailable, OSError)):
            index_engine().counts()
    finally:
        (in_files.instance / "index").unlink()
    mended(in_files)


@pytest.mark.needs("postgres")
@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE {build}.offer CASCADE",
        "ALTER TABLE {build}.supplier DROP COLUMN record",
        "DELETE FROM search.current",
        "UPDATE search.current SET format = 0",
        "TRUNCATE {build}.offer",
    ],
)
def test_tables_of_the_index_that_somebody_meddles_with_are_served_for_and_mended(
    in_tables, server, statement
):
    with server.server.connect("incontro") as connection:
        (number,) = connection.execute("SELECT build FROM search.current").fetchone()
        connection.execute(statement.format(build=f"search_{number}"))
    if not statement.startswith("TRUNCATE"):
        # an empty table is only noticed by the worker, within a second or two
        assert in_tables.search("stracchino")["total"] == 1
    eventually(lambda: in_tables.search("stracchino")["total"] == 1, "it was never noticed")
    mended(in_tables)


@pytest.mark.needs("postgres")
@HOWS
def test_a_damaged_file_of_the_indexs_table_is_served_for_and_mended(in_tables, server, how):
    with server.server.connect("incontro") as connection:
        connection.execute("CHECKPOINT")
        (number,) = connection.execute("SELECT build FROM search.current").fetchone()
        (path,) = connection.execute(f"SELECT pg_relation_filepath('search_{number}.offer')").fetchone()
    in_tables.let_go()
    server.kill()
    damage(server.data / path, how)
    server.start()
    eventually(lambda: _found(in_tables), "it was never noticed")
    mended(in_tables)


def _found(house: House) -> bool:
    try:
        return house.search("stracchino")["total"] == 1
    except OSError:
        # while the server starts
        return False
