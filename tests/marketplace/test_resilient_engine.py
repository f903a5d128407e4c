"""While the index cannot answer, the database does, and says so once."""

import logging

import pytest

from marketplace.resilient_engine import REBUILD_WANTED, ResilientEngine
from search.engine import EngineUnavailable


class Broken:
    def __getattr__(self, name):
        def fail(*args):
            raise EngineUnavailable("cut")

        return fail


class Database:
    def __getattr__(self, name):
        return lambda *args: (name, args)


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine: engine.search("query", "now"),
        lambda engine: engine.map("query", "now"),
        lambda engine: engine.suggest("for"),
        lambda engine: engine.match("demand", "now"),
    ],
)
def test_every_question_is_answered_by_the_database(tmp_path, ask):
    assert ask(ResilientEngine(Broken(), Database(), tmp_path))
    assert (tmp_path / REBUILD_WANTED).exists()


def test_it_is_said_once(tmp_path, caplog):
    engine = ResilientEngine(Broken(), Database(), tmp_path)
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            engine.suggest("for")
    assert len(caplog.records) == 1


def test_an_index_that_answers_is_asked(tmp_path):
    engine = ResilientEngine(Database(), Broken(), tmp_path)
    assert engine.suggest("for") == ("suggest", ("for", 8))
    assert not (tmp_path / REBUILD_WANTED).exists()


def test_writing_meets_what_is_wrong_with_the_index(tmp_path):
    engine = ResilientEngine(Broken(), Database(), tmp_path)
    with pytest.raises(EngineUnavailable):
        engine.add([])
    with pytest.raises(EngineUnavailable):
        engine.counts()


def test_a_folder_that_may_not_be_written_does_not_stop_the_answer(tmp_path):
    missing = tmp_path / "gone"
    assert ResilientEngine(Broken(), Database(), missing).suggest("for")
