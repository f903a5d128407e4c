"""While a deadline passes: what was answered or taken back in time is read as such, and what comes too late is refused."""

import ast
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

import marketplace
from marketplace.db import db, writing
from marketplace.demands.models import Demand
from marketplace.proposals.models import Proposal
from tests.answer_factories import make_proposal
from tests.factories import NOW, make_membership, make_user
from tests.marketplace.choosing.market import make_grower, make_quotes, make_town
from tests.support.people import browser_of

ROOT = Path(marketplace.__file__).parent
TICK = timedelta(milliseconds=1)
#: How long somebody is waited for who may not get through, in seconds.
PATIENCE_S = 0.3


class AtTheDeadline:
    """A request that two growers answered, its clerk and one of the growers, each at a web process of its own."""

    def __init__(self, make_app):
        self.apps = [make_app(), make_app()]
        with self.apps[0].app_context(), writing():
            session = db.session
            town = make_town(session)
            clerk, editor = make_user(session), make_user(session)
            make_membership(session, clerk, town)
            growers = [make_grower(session, name, slug=name.lower()) for name in ("Resta", "Parte")]
            make_membership(session, editor, growers[1])
            demand = make_quotes(session, town)
            for grower in growers:
                make_proposal(session, demand, grower)
            self.demand_id, self.closes_at = demand.id, demand.closes_at
            session.commit()
            # signed in at a moment that has been when the deadline comes
            with time_machine.travel(NOW, tick=False):
                self.clerk, self.supplier = browser_of(self.apps[0], clerk), browser_of(self.apps[1], editor)

    def opens(self):
        answer = self.clerk.get(f"/demands/{self.demand_id}/answers")
        assert answer.status_code == 200
        return answer.text

    def takes_back(self):
        return self.supplier.post(f"/demands/{self.demand_id}/answer/withdraw", data={"as": "parte"})

    def withdrawn(self):
        with self.apps[0].app_context():
            return db.session.scalar(
                sa.select(sa.func.count(Proposal.id)).where(Proposal.withdrawn_at.is_not(None))
            )


@pytest.fixture
def at(make_fresh_app):
    return AtTheDeadline(make_fresh_app)


@contextmanager
def in_other_threads(target, name, what):
    """What is done there, given what SQLAlchemy gives at this event."""
    here = threading.current_thread()

    def listen(*given):
        if threading.current_thread() is not here:
            what(*given)

    sa.event.listen(target, name, listen)
    try:
        yield
    finally:
        sa.event.remove(target, name, listen)


def test_who_opens_waits_for_an_answer_that_is_being_taken_back(at):
    written, opened = threading.Event(), threading.Event()

    def pause(session):
        written.set()
        # who opens does not get through: where it did, it would have read what is taken back here
        assert not opened.wait(PATIENCE_S)

    with time_machine.travel(at.closes_at - TICK, tick=False) as clock, ThreadPoolExecutor(1) as pool:
        with in_other_threads(sa.orm.Session, "before_commit", pause):
            taken_back = pool.submit(at.takes_back)
            assert written.wait(30)
            clock.move_to(at.closes_at)
            text = at.opens()
            opened.set()
        assert taken_back.result().status_code == 302
    assert "Resta" in text
    assert "Parte" not in text


def test_who_waited_beyond_the_deadline_comes_too_late(at):
    """Held up before it could begin: by a colleague, or by the database."""
    asked = threading.Event()

    def note(connection, cursor, statement, *rest):
        if statement == "BEGIN IMMEDIATE" or "FROM demand" in statement:
            asked.set()

    with time_machine.travel(at.closes_at - TICK, tick=False) as clock, ThreadPoolExecutor(1) as pool:
        with (
            at.apps[0].app_context(),
            writing(),
            in_other_threads(sa.Engine, "before_cursor_execute", note),
        ):
            db.session.scalar(sa.select(Demand).where(Demand.id == at.demand_id).with_for_update())
            taken_back = pool.submit(at.takes_back)
            assert asked.wait(30)
            clock.move_to(at.closes_at)
            db.session.rollback()
        assert taken_back.result().status_code == 409
        assert "Parte" in at.opens()
    assert at.withdrawn() == 0


@pytest.mark.parametrize("feature", ["choosing", "conversations", "proposals"])
def test_every_page_that_opens_answers_waits_for_who_still_answers(feature):
    opening = {
        "opened",
        "compare_page",
        "content_of_today",
        "freeze_list",
        "report_input",
        "handed_in",
        "choices_for",
    }
    for path in (ROOT / feature).glob("*views.py"):
        called = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        names = {getattr(name, "attr", None) or getattr(name, "id", None) for name in called}
        assert "moment_to_open" in names or not names & opening, path.name
