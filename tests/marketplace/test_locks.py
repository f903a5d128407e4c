"""One process at a time, on one machine or several."""

import pytest

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
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            )
        assert not still()
    with fresh_app.app_context():
        assert not is_held(Lock.WORKER)
