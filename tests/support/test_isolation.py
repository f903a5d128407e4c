"""The databases of tests keep to themselves."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from marketplace.db import db
from marketplace.outbox import OutboxEntry, request_rebuild
from tests.support.isolation import rolled_back

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOW_MANY = sa.select(sa.func.count()).select_from(OutboxEntry)


def add_and_commit() -> None:
    request_rebuild(db.session, NOW)
    db.session.commit()


def test_what_a_test_commits_is_undone(shared_app):
    with rolled_back(shared_app), shared_app.app_context():
        add_and_commit()
        assert db.session.scalar(HOW_MANY) == 1
    with rolled_back(shared_app), shared_app.app_context():
        assert db.session.scalar(HOW_MANY) == 0


def test_what_a_session_rolls_back_takes_nothing_else_along(session):
    add_and_commit()
    request_rebuild(session, NOW)
    session.flush()
    session.rollback()
    assert session.scalar(HOW_MANY) == 1


@pytest.mark.parametrize("ends_well", [True, False], ids=["committed", "failed"])
def test_a_request_has_a_session_of_its_own_and_sees_what_the_test_prepared(app, client, session, ends_well):
    seen = []

    def view():
        seen.append((db.session is session, db.session.scalar(HOW_MANY)))
        request_rebuild(db.session, NOW)
        if ends_well:
            db.session.commit()
        return ""

    before = app.view_functions
    app.view_functions = before | {"static": lambda filename: view()}
    try:
        request_rebuild(session, NOW)
        client.get("/static/anything")
    finally:
        app.view_functions = before
    assert seen == [(False, 1)]
    assert session.scalar(HOW_MANY) == (2 if ends_well else 1)


def test_a_fresh_database_is_shared_by_the_applications_made_on_it(make_fresh_app):
    first, second = make_fresh_app(), make_fresh_app()
    with first.app_context():
        add_and_commit()
    with second.app_context():
        assert db.session.scalar(HOW_MANY) == 1


def test_a_fresh_database_is_empty_each_time(fresh_app):
    with fresh_app.app_context():
        assert db.session.scalar(HOW_MANY) == 0
