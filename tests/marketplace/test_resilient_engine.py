"""While the index cannot answer, the database does, and says so once."""

import logging
from functools import partial

import pytest
import sqlalchemy as sa

from marketplace.db import db
from marketplace.outbox import OutboxEntry, Topic
from marketplace.rebuild_wish import REBUILD_WANTED, by_file, by_outbox
from marketplace.resilient_engine import ResilientEngine
from search.engine import EngineUnavailable


class Broken:
    def __getattr__(self, name):
        def fail(*args):
            raise EngineUnavailable("cut")

        return fail


class Database:
    def __getattr__(self, name):
        return lambda *args: (name, args)


def resilient(instance):
    return ResilientEngine(Broken(), Database(), partial(by_file, instance))


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
    assert ask(resilient(tmp_path))
    assert (tmp_path / REBUILD_WANTED).exists()


def test_it_is_said_once(tmp_path, caplog):
    engine = resilient(tmp_path)
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            engine.suggest("for")
    assert len(caplog.records) == 1


def test_an_index_that_answers_is_asked(tmp_path):
    engine = ResilientEngine(Database(), Broken(), partial(by_file, tmp_path))
    assert engine.suggest("for") == ("suggest", ("for", 8))
    assert not (tmp_path / REBUILD_WANTED).exists()


def test_writing_meets_what_is_wrong_with_the_index(tmp_path):
    engine = resilient(tmp_path)
    with pytest.raises(EngineUnavailable):
        engine.add([])
    with pytest.raises(EngineUnavailable):
        engine.counts()


def test_a_folder_that_may_not_be_written_does_not_stop_the_answer(tmp_path):
    missing = tmp_path / "gone"
    assert resilient(missing).suggest("for")


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("fresh_database", ["postgres"], indirect=True)
def test_machines_that_share_an_index_are_told_once_by_the_outbox(fresh_app):
    with fresh_app.app_context():
        engine = ResilientEngine(Broken(), Database(), partial(by_outbox, db.engine))
        for _ in range(3):
            assert engine.suggest("for")
        assert db.session.scalars(sa.select(OutboxEntry.topic)).all() == [Topic.REBUILD]


def test_a_database_that_is_gone_does_not_stop_the_answer(tmp_path):
    nowhere = sa.create_engine(f"sqlite:///{tmp_path}/missing/no.db")
    assert ResilientEngine(Broken(), Database(), partial(by_outbox, nowhere)).suggest("for")
