"""Households that book without pause over HTTP, and what must be found of it afterwards."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.orders.booking_models import Basket, Booking, Submission
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import (
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)
from tests.ordeal.visitors import Visitor, hidden_fields

#: What may be answered while something is broken: taken, a page, somebody was faster, not now.
CLEAR = {302, 200, 409, 503}


@dataclass
class Booker:
    """A household's person and what they were told. ``sent`` holds every quantity sent, ``taken`` those acknowledged."""

    household: int
    path: str
    product: int
    visitor: Visitor
    sent: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)

    def book(self) -> int | None:
        """One form fetched and sent; the last status, ``None`` where there was no answer."""
        status = None
        try:
            page = self.visitor.get(self.path)
            status = page.status
            if status == 200:
                form = hidden_fields(page.text)
                self.sent.append(len(self.sent) + 1)
                status = None
                status = self.visitor.post(self.path, form | {f"q-{self.product}": str(self.sent[-1])}).status
                if status == 302:
                    self.taken.append(self.sent[-1])
                    self.keys.append(form["key"])
        except (OSError, http.client.HTTPException):
            pass
        self.statuses[status] += 1
        return status


class Bookers:
    """``number`` households of one group, each booking its one product in an open order."""

    def __init__(self, app: Flask, address: str, number: int = 4):
        self.app = app
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        now = utc_now()
        with app.app_context(), writing():
            session = db.session
            group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
            self.slug = group.slug
            cycle = make_cycle(
                session, group, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7)
            )
            product = make_cycle_product(session, cycle, available=10**9)
            self.people = []
            for _ in range(number):
                person = make_user(session)
                make_membership(session, person, group, MemberRole.MEMBER)
                household = make_household(session, group, person)
                session.flush()
                self.people.append((household.id, person))
            self.path, self.product = f"/orders/{cycle.id}/book", product.id
            session.commit()
            self.all = [
                Booker(household, self.path, self.product, Visitor.signed_in(address, app, person))
                for household, person in self.people
            ]

    def start(self) -> None:
        for one in self.all:
            # a daemon: a test that fails before it stops them must still end
            self._threads.append(threading.Thread(target=self._run, args=(one,), daemon=True))
            self._threads[-1].start()

    def _run(self, one: Booker) -> None:
        while not self._stop.is_set():
            if one.book() != 302:
                time.sleep(0.1)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)
        self._threads.clear()
        self._stop.clear()

    @property
    def taken(self) -> int:
        return sum(len(one.taken) for one in self.all)

    @property
    def statuses(self) -> Counter:
        return sum((one.statuses for one in self.all), Counter())

    def unclear(self) -> set:
        """Answers that nobody can make sense of."""
        return set(self.statuses) - CLEAR - {None}

    def check(self, app: Flask | None = None) -> None:
        """Everything that was acknowledged is there once, and nothing that nobody sent."""
        with (app or self.app).app_context():
            keys = set(db.session.scalars(sa.select(Submission.key)))
            for one in self.all:
                quantities = db.session.scalars(
                    sa.select(Booking.quantity)
                    .join(Basket)
                    .where(Basket.household_id == one.household, Booking.product_id == self.product)
                ).all()
                last = one.taken[-1] if one.taken else 0
                # one that was sent after the last acknowledged may have been taken unheard
                allowed = {1000 * each for each in one.sent if each >= last} | ({0} if not last else set())
                assert len(quantities) == (1 if last else len(quantities))
                assert set(quantities) <= allowed, (quantities, last, one.sent[-3:])
                assert set(one.keys) <= keys
            db.session.rollback()
