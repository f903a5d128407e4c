"""A request whose transaction met another one is answered by doing it again, and nobody notices."""

import threading
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import flash, request
from sqlalchemy.exc import OperationalError

from marketplace import retrying
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.extensions import csrf
from marketplace.organisations.models import Organisation
from marketplace.outbox import OutboxEntry, announce_supplier
from marketplace.permissions import public
from marketplace.retrying import is_conflict
from tests.factories import make_organisation


class Deadlock(Exception):
    sqlstate = "40P01"


class Refused(Exception):
    sqlstate = "53100"  # disk full


def failure(cause: Exception) -> OperationalError:
    return OperationalError("UPDATE", {}, cause)


@pytest.fixture
def posting(make_fresh_app):
    """Gives an application a view of the test's own at ``/tried``."""

    def with_view(view):
        app = make_fresh_app()
        app.add_url_rule("/tried", "tried", csrf.exempt(public(view)), methods=["POST"])
        return app

    return with_view


@pytest.mark.parametrize("cause, expected", [(Deadlock(), True), (Refused(), False), (ValueError(), False)])
def test_only_what_the_database_says_may_be_tried_again_is_a_conflict(cause, expected):
    assert is_conflict(failure(cause)) is expected
    assert not is_conflict(cause)


def test_the_second_try_finds_the_request_as_it_came_and_nothing_of_the_first(posting):
    seen = []

    def view():
        seen.append((request.form["word"], request.files["file"].read()))
        announce_supplier(db.session, len(seen), utc_now())
        db.session.flush()
        flash("done")
        if len(seen) < 3:
            raise failure(Deadlock())
        db.session.commit()
        return "kept"

    app = posting(view)
    client = app.test_client()
    answer = client.post("/tried", data={"word": "miele", "file": (BytesIO(b"abc"), "a.txt")})

    assert answer.text == "kept"
    assert seen == [("miele", b"abc")] * 3
    with client.session_transaction() as kept:
        assert [text for _, text in kept["_flashes"]] == ["done"]
    with app.app_context():
        assert db.session.scalars(sa.select(OutboxEntry.payload)).all() == [{"id": 3}]


def test_whoever_always_meets_somebody_is_told_to_try_later(posting, monkeypatch):
    monkeypatch.setattr(retrying, "TRY_FOR_S", 0.05)
    tries = []

    def view():
        tries.append(1)
        raise failure(Deadlock())

    assert posting(view).test_client().post("/tried").status_code == 503
    assert len(tries) > 1


def test_what_is_no_conflict_is_tried_once(posting):
    tries = []

    def view():
        tries.append(1)
        raise failure(Refused())

    assert posting(view).test_client().post("/tried").status_code == 503
    assert len(tries) == 1


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("fresh_database", ["postgres"], indirect=True)
def test_two_that_lock_each_other_out_both_succeed(posting):
    meeting, tries = threading.Barrier(2, timeout=20), []

    def view():
        first, second = (int(id_) for id_ in request.form.getlist("id"))
        tries.append(first)
        lock(first)
        if tries.count(first) == 1:
            meeting.wait()
        lock(second)
        db.session.commit()
        return "both"

    def lock(id_):
        db.session.execute(sa.select(Organisation.id).where(Organisation.id == id_).with_for_update())

    app = posting(view)
    with app.app_context():
        one, other = (make_organisation(db.session).id for _ in range(2))
        db.session.commit()
    answers = []
    threads = [
        threading.Thread(
            target=lambda ids=ids: answers.append(
                app.test_client().post("/tried", data={"id": [str(i) for i in ids]}).text
            )
        )
        for ids in ((one, other), (other, one))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == ["both", "both"]
    assert len(tries) == 3


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("fresh_database", ["postgres"], indirect=True)
def test_a_connection_that_dies_once_the_answer_is_made_costs_nobody_the_answer(posting, fresh_database):
    def view():
        ours = db.session.scalar(sa.select(sa.func.pg_backend_pid()))
        with db.engine.connect() as another:
            another.execute(sa.select(sa.func.pg_terminate_backend(ours)))
        return "told"

    client = posting(view).test_client()
    assert [client.post("/tried").text for _ in range(2)] == ["told", "told"]
