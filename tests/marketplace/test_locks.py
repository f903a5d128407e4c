"""One process at a time, on one machine or several."""

import pytest
import sqlalchemy as sa

from marketplace.db import db
from marketplace.locks import Lock, alone, is_held


def test_only_one_holds_it_and_the_next_one_gets_it(make_fresh_app):
    first, second = make_fresh_app(), make_fresh_app()
    with first.app_context(), alone(Lock.WORKER) as still:
        assert still()
        with second.app_context(), alone(Lock.WORKER, wait=False) as other:
            assert other is None
        with second.app_context(), alone(Lock.MIGRATION, wait=False) as another:
            assert another is not None
    with second.app_context(), alone(Lock.WORKER, wait=False) as other:
        assert other is not None


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("fresh_database", ["postgres"], indirect=True)
def test_a_lock_goes_with_its_connection_and_its_holder_can_tell(fresh_app):
    with fresh_app.app_context(), alone(Lock.WORKER) as still:
        assert is_held(Lock.WORKER)
        with db.engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE locktype = 'advisory' AND datname = current_database()"
            )
        assert not still()
    with fresh_app.app_context():
        assert not is_held(Lock.WORKER)


@pytest.mark.needs("postgres")
@pytest.mark.parametrize(("fresh_database", "database"), [("postgres", "postgres")], indirect=True)
def test_what_another_installation_holds_on_the_same_server_is_not_held_here(fresh_app, database):
    with sa.create_engine(database.url).connect() as elsewhere:
        elsewhere.execute(sa.select(sa.func.pg_advisory_lock(Lock.WORKER.value)))
        with fresh_app.app_context():
            assert not is_held(Lock.WORKER)
