"""Commits, processes and what they leave behind."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from search.embedded import EmbeddedEngine, building, writing
from search.embedded.folder import IndexFolder, WriterBusy
from search.engine import EngineUnavailable
from search.queries import SearchQuery
from tests.search.factories import CRITERIA, NOW, TREE, category, offer, supplier

ROOT = Path(__file__).parents[3]


def everything(engine):
    return {hit.offer_id for hit in engine.search(SearchQuery(per_page=100), NOW).hits}


def test_another_process_sees_a_commit_at_once(engine, open_engine):
    reader = open_engine()
    assert everything(reader) == set()
    engine.add([supplier(offer(id=1), id=1)])
    assert everything(reader) == {1}
    engine.rebuild([supplier(offer(id=2), id=2)])
    assert everything(reader) == {2}


def test_only_one_build_and_the_files_of_one_commit_are_left(engine, folder):
    for number in range(1, 30):
        engine.add([supplier(offer(id=number), id=number % 5)])
    engine.rebuild([supplier(offer(id=1), id=1)])
    engine.add([supplier(offer(id=2), id=2)])
    engine.remove([1])
    (build,) = folder.glob("build-*")
    commit = IndexFolder(folder).commit((folder / "CURRENT").read_bytes())
    assert {path.name for path in build.iterdir()} == {commit.file_name, *commit.files}


def test_what_a_dead_writer_left_is_cleared_away_and_changes_nothing(engine, folder, open_engine):
    engine.rebuild([supplier(offer(id=1), id=1)])
    (build,) = folder.glob("build-*")
    for name in ("_MAIN_99.toc", "MAIN_abc.seg", "commit-99.json", "MAIN_abc.npz"):
        (build / name).write_bytes(b"half")
    (folder / "build-77").mkdir()
    (folder / "CURRENT.new").write_bytes(b"half")
    assert everything(open_engine()) == {1}
    open_engine().add([supplier(offer(id=2), id=2)])
    assert everything(engine) == {1, 2}
    assert [path.name for path in folder.glob("build-*")] == [build.name]


def test_small_segments_are_gathered_and_large_ones_left(engine, folder):
    engine.rebuild([supplier(*(offer(id=number) for number in range(1, 601)), id=1)])
    for number in range(700, 760):
        engine.add([supplier(offer(id=number, title="miele"), id=number)])
    commit = IndexFolder(folder).commit((folder / "CURRENT").read_bytes())
    assert len(commit.segments) < 2 * writing.GATHERED_SEGMENTS
    assert commit.segments[0].offers == 600
    assert engine.search(SearchQuery("miele"), NOW).total == 60
    assert engine.counts() == (61, 660)


def test_a_segment_without_anybody_alive_is_dropped(engine, folder):
    engine.rebuild([supplier(offer(id=1), id=1)])
    engine.add([supplier(offer(id=2), id=1)])
    commit = IndexFolder(folder).commit((folder / "CURRENT").read_bytes())
    assert [segment.offers for segment in commit.segments] == [1]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_rebuild_in_many_segments_is_one_index(open_engine, folder, monkeypatch, processes):
    monkeypatch.setattr(writing, "OFFERS_PER_SEGMENT", 20)
    monkeypatch.setattr(writing, "builders", lambda: processes)
    engine = open_engine()
    world = [supplier(offer(id=number, title="miele"), id=number) for number in range(1, 96)]
    assert engine.rebuild(iter(world)) == 95
    index = IndexFolder(folder)
    index.verify(index.pointer())
    commit = index.commit(index.pointer())
    assert [segment.offers for segment in commit.segments] == [20, 20, 20, 20, 15]
    assert {path.name for path in (folder / commit.build).iterdir()} == {commit.file_name, *commit.files}
    assert engine.search(SearchQuery("miele"), NOW).total == 95
    engine.remove(range(1, 96, 2))
    assert everything(engine) == set(range(2, 96, 2))
    engine.add([supplier(offer(id=1, title="miele"), id=1)])
    assert engine.search(SearchQuery("miele"), NOW).total == 48


def test_a_builder_that_cannot_write_says_so_and_leaves_the_index_as_it_was(open_engine, monkeypatch):
    monkeypatch.setattr(writing, "builders", lambda: 2)
    engine = open_engine()
    engine.rebuild([supplier(offer(id=1), id=1)])
    monkeypatch.setattr(writing, "OFFERS_PER_SEGMENT", 1)
    # longer than any file system lets a name be
    monkeypatch.setattr(building, "PART", "part-{}" + "x" * 300)
    with pytest.raises(EngineUnavailable, match="cannot be written"):
        engine.rebuild(supplier(offer(id=number), id=number) for number in (2, 3, 4))
    assert everything(engine) == {1}


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(engine, open_engine):
    engine.rebuild([supplier(offer(id=1), id=1)])

    def suppliers():
        yield supplier(offer(id=2), id=2)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(suppliers())
    assert everything(open_engine()) == {1}
    engine.add([supplier(offer(id=3), id=3)])
    assert everything(engine) == {1, 3}


def test_two_writers_wait_for_each_other_and_not_for_ever(engine, folder):
    with IndexFolder(folder).locked(), pytest.raises(WriterBusy), IndexFolder(folder).locked(timeout_s=0.05):
        pass
    engine.add([supplier(offer(id=1), id=1)])
    assert everything(engine) == {1}


def test_nothing_is_written_where_nothing_changes(engine, folder):
    engine.rebuild([supplier(offer(id=1), id=1)])
    before = (folder / "CURRENT").read_bytes()
    engine.add([])
    engine.remove([])
    engine.remove([99])
    assert (folder / "CURRENT").read_bytes() == before


def test_readers_are_answered_while_a_writer_commits(engine, open_engine):
    """Every answer is one commit's: all offers of a supplier are of one version."""
    versions = [[supplier(*(offer(id=100 * v + n) for n in range(1, 6)), id=1)] for v in range(40)]
    engine.rebuild(versions[0])
    failures, stop = [], Event()

    def read():
        reader = open_engine()
        try:
            while not stop.is_set():
                found = everything(reader)
                assert len(found) == 5
                assert len({offer_id // 100 for offer_id in found}) == 1
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in versions:
        engine.add(version)
    engine.rebuild(versions[-1])
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_threads_may_share_an_engine(engine):
    world = [supplier(offer(id=n, title=f"miele parola{n % 7}"), id=n) for n in range(1, 60)]
    engine.rebuild(world)
    failures = []

    def read(seed):
        chance = random.Random(seed)
        try:
            for _ in range(60):
                text = chance.choice(["miele", "parola", '"miele parola"', "mielle", "alimentari"])
                assert engine.search(SearchQuery(text), NOW).total == 59
                engine.suggest("mi")
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=read, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        engine.add([replace(world[number])])
    for thread in threads:
        thread.join()
    assert failures == []


WRITE_FOR_EVER = """
import sys
from itertools import count
from search.embedded import EmbeddedEngine
from tests.search.factories import CRITERIA, TREE, offer, supplier

engine = EmbeddedEngine(sys.argv[1], TREE, CRITERIA)
for number in count(1):
    engine.add([supplier(offer(id=100_000 * part + number, title="miele"), id=part) for part in (1, 2)])
    if number % 9 == 0:
        engine.rebuild([supplier(offer(id=100_000 * part + number, title="miele"), id=part) for part in (1, 2)])
    print(number, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_the_last_commit(engine, open_engine, folder):
    chance = random.Random(9)
    for _ in range(6):
        engine.rebuild([supplier(offer(id=100_000 * part, title="miele"), id=part) for part in (1, 2)])
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        writer.stdout.readline()
        time.sleep(chance.random() / 5)
        writer.send_signal(signal.SIGKILL)
        acknowledged = writer.stdout.read().split()
        writer.wait()
        found = everything(open_engine())
        assert len(found) == 2
        assert len({offer_id % 100_000 for offer_id in found}) == 1
        if acknowledged:
            assert min(offer_id % 100_000 for offer_id in found) >= int(acknowledged[-1])
        open_engine().add([supplier(offer(id=7), id=7)])
        assert everything(engine) == {7, *found}


def test_an_index_built_with_another_tree_says_so(engine, folder):
    engine.rebuild([supplier(offer(id=1), id=1)])
    assert not engine.is_stale()
    other = type(TREE)([*TREE, category("crafts")])
    assert EmbeddedEngine(folder, other, CRITERIA).is_stale()


def test_the_ids_in_the_index_can_be_compared_with_the_database(engine):
    engine.rebuild([supplier(offer(id=1), offer(id=2, published=False), id=5), supplier(id=6)])
    assert engine.ids() == ({5, 6}, {1, 2})
