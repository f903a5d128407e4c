"""One index in a database, several processes: what one writes all see, and none is ever without."""

import threading

import pytest
import sqlalchemy as sa

from search.engine import EngineUnavailable
from search.postgres import PostgresEngine
from search.queries import SearchQuery
from search.taxonomy import CategoryTree
from tests.search.factories import CRITERIA, NOW, TREE, category, demand, offer, supplier
from tests.search.postgres.conftest import PREFIX

pytestmark = pytest.mark.needs("postgres")


def found(engine, text="miele"):
    return {hit.offer_id for hit in engine.search(SearchQuery(text), NOW).hits}


def builds(database):
    with database.connect() as connection:
        names = connection.exec_driver_sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tried%%_%%'")
        return sorted(names.scalars())


def test_what_one_process_writes_another_finds(engine, open_engine):
    other = open_engine()
    assert found(other) == set()
    engine.add([supplier(offer(id=1, title="miele"), id=1)])
    assert found(other) == {1}
    engine.remove([1])
    assert found(other) == set()


def test_what_a_process_remembers_is_mended_when_suppliers_change(engine, open_engine):
    other = open_engine()
    engine.rebuild([supplier(offer(id=1), id=1), supplier(offer(id=2), id=2), supplier(offer(id=3), id=3)])
    assert other.match(demand(), NOW).eligible == 3
    engine.remove([2])
    engine.add([supplier(offer(id=3), id=3, name="Rinata"), supplier(offer("care.parks", id=1), id=1)])
    for one in (other, open_engine(remembered_offers=0)):
        assert [match.name for match in one.match(demand(), NOW).matches] == ["Rinata"]
        assert one.search(SearchQuery(), NOW).total == 2


def test_changes_within_a_transaction_hold_when_it_is_committed(engine, search_database):
    with search_database.connect() as connection:
        engine.joined_to(connection).add([supplier(offer(id=1, title="miele"), id=1)])
        assert found(engine) == set()
        connection.rollback()
    assert found(engine) == set()
    with search_database.begin() as connection:
        engine.joined_to(connection).add([supplier(offer(id=1, title="miele"), id=1)])
    assert found(engine) == {1}


def test_while_one_rebuilds_others_go_on_reading(engine, open_engine):
    other = open_engine()
    engine.rebuild([supplier(offer(id=1, title="miele"), id=1)])

    def documents():
        assert found(other) == {1}
        yield supplier(offer(id=2, title="miele"), id=2)
        assert found(other) == {1}

    engine.rebuild(documents())
    assert found(other) == {2}


def test_a_rebuild_that_dies_leaves_the_index_as_it_was_and_nothing_beside_it(engine, search_database):
    engine.rebuild([supplier(offer(id=1, title="miele"), id=1)])
    before = builds(search_database)

    def documents():
        yield supplier(offer(id=2, title="miele"), id=2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(documents())
    assert found(engine) == {1}
    assert builds(search_database) == before
    assert len(before) == 1


def test_two_rebuilds_at_once_come_one_after_the_other(engine, open_engine, search_database):
    threads = [
        threading.Thread(
            target=open_engine().rebuild, args=([supplier(offer(id=number, title="miele"), id=number)],)
        )
        for number in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(engine) in ({1}, {2})
    assert engine.counts() == (1, 1)
    assert len(builds(search_database)) == 1


def test_only_one_keeps_the_index_at_a_time(engine, open_engine):
    with engine.upkeep_lock(wait=True) as first:
        assert first
        with open_engine().upkeep_lock(wait=False) as second:
            assert not second
    with open_engine().upkeep_lock(wait=False) as third:
        assert third


def test_an_index_that_is_gone_is_said_to_be(search_database, engine):
    nobody = PostgresEngine(search_database, TREE, CRITERIA, prefix="never_built")
    for ask in (
        nobody.counts,
        lambda: nobody.search(SearchQuery("miele"), NOW),
        lambda: nobody.add([supplier(offer())]),
        lambda: nobody.remove([1]),
    ):
        with pytest.raises(EngineUnavailable):
            ask()
    with search_database.begin() as connection:
        connection.execute(sa.text(f"UPDATE {PREFIX}.current SET format = 0"))
    with pytest.raises(EngineUnavailable, match="format"):
        engine.counts()
    assert engine.rebuild(()) == 0
    assert engine.counts() == (0, 0)


def test_an_index_of_another_tree_is_stale(engine, open_engine):
    assert not engine.is_stale()
    assert open_engine(tree=CategoryTree([*TREE, category("other")])).is_stale()


def test_it_tells_whom_and_what_it_holds(engine):
    engine.rebuild([supplier(offer(id=1), offer(id=2, published=False), id=5), supplier(id=6)])
    assert engine.ids() == ({5, 6}, {1, 2})
    assert engine.counts() == (2, 2)


def test_a_name_that_is_no_name_of_a_schema_is_refused(search_database):
    with pytest.raises(ValueError, match="schema"):
        PostgresEngine(search_database, TREE, CRITERIA, prefix="search; DROP")


def test_answers_come_from_the_replica_where_one_is_named(engine, open_engine, search_database):
    engine.add([supplier(offer(id=1, title="miele"), id=1)])
    copy, taken = sa.create_engine(search_database.url), []
    sa.event.listen(copy, "checkout", lambda *_: taken.append(True))
    other = open_engine(replica=lambda: copy)
    assert found(other) == {1}
    assert taken
    other.remove([1])
    assert found(other) == set()
    copy.dispose()


def test_a_replica_that_has_no_index_yet_is_passed_over(engine, open_engine, search_database):
    engine.add([supplier(offer(id=1, title="miele"), id=1)])
    elsewhere = sa.create_engine(search_database.url.set(database="postgres"))
    assert found(open_engine(replica=lambda: elsewhere)) == {1}
    elsewhere.dispose()
