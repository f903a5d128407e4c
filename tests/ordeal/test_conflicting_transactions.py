"""A server that is set to be strict lets only one of two transactions through: the other is done again, whole."""

import pytest

from tests.ordeal.bookers import Bookers
from tests.ordeal.house import START_S, eventually


@pytest.mark.needs("postgres")
def test_transactions_that_cannot_both_be_true_are_done_again_whole(server, make_house):
    url = server.server.create_database("incontro")
    with server.server.connect("postgres") as connection:
        connection.execute("ALTER DATABASE incontro SET default_transaction_isolation = 'serializable'")
    machine = make_house(DATABASE_URL=url, WEB_WORKERS="4")
    machine.start_web()
    eventually(lambda: machine.status() is not None, "it never served", START_S)
    bookers = Bookers(machine.app(), machine.address, number=6)
    bookers.start()
    try:
        eventually(lambda: bookers.taken > 60 and "met another transaction" in machine.log(), "none met", 300)
    finally:
        bookers.stop()
    bookers.check()
    print(bookers.statuses, "again:", machine.log().count("met another transaction"))
    assert set(bookers.statuses) == {302}, bookers.statuses
