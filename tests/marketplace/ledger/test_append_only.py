"""Entries are never changed and never deleted, whoever asks: not by the ORM, not past it."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from marketplace.ledger.models import Account, AccountKind, AppendOnly, Entry, Side
from marketplace.orders.models import OrderCycle
from marketplace.organisations.models import Kind, Organisation
from tests.factories import NOW, make_cycle, make_organisation


@pytest.fixture
def entry(session):
    group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    accounts = [
        Account(organisation_id=group.id, kind=kind, created_at=NOW)
        for kind in (AccountKind.CASH, AccountKind.COSTS)
    ]
    session.add_all(accounts)
    session.flush()
    made = Entry(organisation_id=group.id, at=NOW, day=date(2026, 11, 20), kind="cost", text="Sala")
    made.cycle_id = make_cycle(session, group).id
    made.sides = [
        Side(position=0, account_id=accounts[0].id, amount=500),
        Side(position=1, account_id=accounts[1].id, amount=-500),
    ]
    session.add(made)
    session.commit()
    return made


def test_the_orm_refuses(session, entry):
    entry.text = "Altro"
    with pytest.raises(AppendOnly):
        session.flush()
    session.rollback()
    entry.sides[0].amount = 1
    with pytest.raises(AppendOnly):
        session.flush()
    session.rollback()
    session.delete(entry)
    with pytest.raises(AppendOnly):
        session.flush()
    session.rollback()


def test_the_database_refuses(session, entry):
    for statement in (
        sa.update(Entry).values(text="Altro"),
        sa.update(Entry).values(cycle_id=entry.cycle_id),
        sa.update(Side).values(amount=Side.amount + 1),
        sa.delete(Side),
        sa.delete(Entry),
    ):
        with pytest.raises(DatabaseError, match="only ever added to"), session.begin_nested():
            session.execute(statement)


def test_an_order_that_is_deleted_leaves_its_entries(session, entry):
    session.delete(session.get_one(OrderCycle, entry.cycle_id))
    session.commit()
    session.expire_all()
    assert session.get_one(Entry, entry.id).cycle_id is None
    assert len(session.get_one(Entry, entry.id).sides) == 2


def test_an_organisation_with_a_ledger_stays(session, entry):
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.delete(Organisation).where(Organisation.id == entry.organisation_id))
