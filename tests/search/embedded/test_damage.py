"""Whatever happens to the folder, a search is refused at once or right, and a rebuild mends it without a restart."""

import os
import random
import resource
import shutil
import signal
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from search.embedded import EmbeddedEngine
from search.embedded.folder import IndexDamaged
from search.engine import EngineUnavailable
from search.queries import MapQuery, SearchQuery
from tests.search.factories import CRITERIA, NOW, TREE, demand, offer, supplier

NOBODY = 65_534
WORLD = [supplier(offer(id=number, title="miele di castagno"), id=number) for number in range(1, 40)]


def files(folder, pattern="*"):
    return sorted(path for path in folder.glob(f"build-*/{pattern}") if path.is_file())


def delete_everything(folder):
    shutil.rmtree(folder)


def delete_the_build(folder):
    shutil.rmtree(next(folder.glob("build-*")))


def empty_the_toc(folder):
    files(folder, "*.toc")[0].write_bytes(b"")


def cut_a_segment(folder):
    path = files(folder, "*.seg")[0]
    os.truncate(path, path.stat().st_size // 2)


def cut_the_columns(folder):
    path = files(folder, "*.npz")[0]
    os.truncate(path, path.stat().st_size - 1)


def garble_the_pointer(folder):
    (folder / "CURRENT").write_bytes(b"build-1 \xff\x00")


def empty_the_pointer(folder):
    (folder / "CURRENT").write_bytes(b"")


def point_elsewhere(folder):
    (folder / "CURRENT").write_bytes(b"build-9 1 00000000\n")


def garble_the_commit(folder):
    files(folder, "commit-*.json")[0].write_bytes(b"{}")


def make_a_file_of_the_build(folder):
    delete_the_build(folder)
    (folder / "build-1").write_bytes(b"")


DAMAGES = [
    delete_everything,
    delete_the_build,
    empty_the_toc,
    cut_a_segment,
    cut_the_columns,
    garble_the_pointer,
    empty_the_pointer,
    point_elsewhere,
    garble_the_commit,
    make_a_file_of_the_build,
]

ASKING = [
    lambda engine: engine.search(SearchQuery("miele"), NOW),
    lambda engine: engine.search(SearchQuery(), NOW),
    lambda engine: engine.match(demand(), NOW),
    lambda engine: engine.map(MapQuery(), NOW),
    lambda engine: engine.suggest("mi"),
    lambda engine: engine.counts(),
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("already_open", [True, False])
def test_a_damaged_index_refuses_every_question_and_a_rebuild_mends_it(
    engine, open_engine, folder, damage, already_open
):
    engine.rebuild(WORLD)
    asked = engine if already_open else open_engine()
    if already_open:
        assert asked.search(SearchQuery("miele"), NOW).total == len(WORLD)
    damage(folder)
    for ask in ASKING:
        with pytest.raises(EngineUnavailable):
            ask(asked)
    for write in (lambda: asked.add([WORLD[0]]), lambda: asked.remove([1])):
        # A writer need not look at what it does not touch; the next question tells.
        with suppress(EngineUnavailable):
            write()
    with pytest.raises(EngineUnavailable):
        asked.search(SearchQuery("miele"), NOW)
    assert open_engine().rebuild(WORLD) == len(WORLD)
    for ask in ASKING:
        ask(asked)
    assert asked.search(SearchQuery("miele"), NOW).total == len(WORLD)


def test_twelve_flipped_bytes_anywhere_are_noticed(engine, open_engine, folder):
    engine.rebuild(WORLD)
    chance = random.Random(44)
    for path in files(folder):
        whole = path.read_bytes()
        for _ in range(10):
            content = bytearray(whole)
            for place in chance.sample(range(len(content)), 12):
                content[place] ^= 1 << chance.randrange(8)
            path.write_bytes(content)
            for asked in (open_engine(), engine):
                with pytest.raises(EngineUnavailable):
                    asked.search(SearchQuery("miele"), NOW)
        path.write_bytes(whole)
        assert engine.search(SearchQuery("miele"), NOW).total == len(WORLD)


def test_a_file_that_was_only_touched_is_no_damage(engine, folder):
    engine.rebuild(WORLD)
    engine.search(SearchQuery(), NOW)
    for path in files(folder):
        os.utime(path, (0, 0))
    assert engine.search(SearchQuery(), NOW).total == len(WORLD)


def test_an_index_that_was_never_built_is_unavailable_and_not_empty(open_engine):
    for ask in ASKING:
        with pytest.raises(IndexDamaged):
            ask(open_engine())
    with pytest.raises(IndexDamaged):
        open_engine().add(WORLD)


@contextmanager
def unprivileged():
    """As root nothing is read-only, so root becomes somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_folder_is_searched_and_refuses_to_be_written():
    # Not in tmp_path, whose parents nobody else may enter.
    with TemporaryDirectory() as parent:
        os.chmod(parent, 0o755)
        folder = Path(parent) / "index"
        engine = EmbeddedEngine(folder, TREE, CRITERIA)
        engine.rebuild(WORLD)
        # Read now, because what Python imports late may be out of reach for somebody else.
        assert engine.search(SearchQuery("miele"), NOW).total == len(WORLD)
        written = [folder, *folder.rglob("*")]
        for path in written:
            path.chmod(0o555 if path.is_dir() else 0o444)
        with unprivileged():
            assert EmbeddedEngine(folder, TREE, CRITERIA).search(SearchQuery("miele"), NOW).total == len(
                WORLD
            )
            for write in (
                lambda: engine.add(WORLD),
                lambda: engine.remove([1]),
                lambda: engine.rebuild(WORLD),
            ):
                with pytest.raises(EngineUnavailable):
                    write()
            assert engine.search(SearchQuery("miele"), NOW).total == len(WORLD)
        for path in written:
            path.chmod(0o755)


@contextmanager
def full_disk(free_bytes):
    """No file may grow beyond so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("free_bytes", [0, 100, 1_000, 5_000, 10_000])
def test_a_full_disk_refuses_what_is_written_and_loses_nothing(engine, free_bytes):
    engine.rebuild(WORLD)
    more = [replace(one, id=one.id + 1_000, offers=(offer(title="polline"),)) for one in WORLD]
    for write in (lambda: engine.add(more), lambda: engine.rebuild(more)):
        with full_disk(free_bytes), pytest.raises(EngineUnavailable):
            write()
        assert engine.search(SearchQuery("miele"), NOW).total == len(WORLD)
        assert engine.search(SearchQuery("polline"), NOW).total == 0
    engine.add(more)
    assert engine.search(SearchQuery("polline"), NOW).total == len(more)


def test_a_folder_that_cannot_be_made_is_unavailable(open_engine, folder):
    folder.parent.mkdir(exist_ok=True)
    folder.write_bytes(b"not a folder")
    with pytest.raises(EngineUnavailable):
        open_engine().rebuild(WORLD)
    with pytest.raises(EngineUnavailable):
        open_engine().search(SearchQuery(), NOW)


def test_an_index_of_an_older_format_is_damaged(engine, open_engine, monkeypatch):
    engine.rebuild(WORLD)
    monkeypatch.setattr("search.embedded.folder.FORMAT", 10**6)
    with pytest.raises(IndexDamaged):
        open_engine().search(SearchQuery(), NOW)


def test_a_fault_of_ours_is_not_blamed_on_the_index(engine, monkeypatch):
    engine.rebuild(WORLD)

    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("search.embedded.engine.count_facets", fail)
    with pytest.raises(ZeroDivisionError):
        engine.search(SearchQuery(), NOW)
