"""Two treasurers at the same instant, each in a thread with a connection of its own (ordeal 4)."""

from datetime import timedelta
from threading import Barrier, Thread

import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.db import db, writing
from marketplace.ledger import entries
from marketplace.ledger.charge_operations import charge_cycle
from marketplace.ledger.models import Account, Entry, Side
from marketplace.ledger.operations import correct, record_movement
from marketplace.ledger.paying_operations import take_payment
from marketplace.ledger.settling import settle_cycle
from marketplace.orders.booking_models import Basket
from tests.factories import NOW
from tests.marketplace.ledger.conftest import Group

LATER = NOW + timedelta(days=9)


def at_once(app, count: int, task) -> list:
    barrier, answers = Barrier(count), [None] * count

    def run(number):
        with app.app_context():
            barrier.wait(30)
            try:
                with writing():
                    answers[number] = task(db.session)
            except Exception as problem:
                answers[number] = problem
                db.session.rollback()

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


class Treasurers:
    def __init__(self, app):
        self.app = app
        with app.app_context(), writing():
            self.group = Group(db.session, keeps_accounts=True)
            self.id, self.actor = self.group.id, self.group.treasurer.id
            self.home = self.group.homes[0].id

    def round(self) -> None:
        """A new order is charged, paid, and a payment taken back, each by two at once: everything is there once."""
        with self.app.app_context(), writing():
            self.group.read_again(db.session)
            cycle, delivered = self.group.order().id, self.group.order()
            delivered.delivered_at, delivered_id = LATER, delivered.id
            db.session.commit()
            basket = db.session.scalar(
                sa.select(Basket.id).where(Basket.cycle_id == cycle, Basket.household_id == self.home)
            )

        def actor(session):
            return session.get_one(User, self.actor)

        charged = at_once(
            self.app, 2, lambda session: charge_cycle(session, actor(session), self.id, cycle, now=LATER)
        )
        assert sorted(charged, key=str) == [0, 2], charged
        paid = at_once(
            self.app,
            2,
            lambda session: take_payment(session, actor(session), self.id, basket, 1000, now=LATER),
        )
        assert sorted(paid, key=str) == [False, True], paid
        draft = entries.advance(self.home, 500)
        recorded = at_once(
            self.app,
            2,
            lambda session: (
                record_movement(session, actor(session), self.id, draft, now=LATER, key=f"form:{cycle}").id
            ),
        )
        assert recorded[0] == recorded[1], recorded
        back = at_once(
            self.app, 2, lambda session: correct(session, actor(session), recorded[0], now=LATER).id
        )
        assert back[0] == back[1], back
        settled = at_once(
            self.app, 2, lambda session: settle_cycle(session, actor(session), delivered_id, now=LATER)
        )
        assert sorted(settled, key=str) == [False, True], settled
        with self.app.app_context():
            charges = sa.select(sa.func.count()).where(Entry.cycle_id == delivered_id)
            assert db.session.scalar(charges) == 2
            kinds = db.session.execute(
                sa.select(Entry.kind, sa.func.count()).where(Entry.cycle_id == cycle).group_by(Entry.kind)
            ).all()
            assert sorted(map(tuple, kinds)) == [("cash", 1), ("charge", 2)]
            assert db.session.scalar(sa.select(sa.func.sum(Side.amount))) == 0
            accounts = sa.select(sa.func.count()).where(Account.organisation_id == self.id)
            # Rossi, Bianchi, the supplier, the cash: two who come at once make none of them twice
            assert db.session.scalar(accounts) == 4
            db.session.rollback()
