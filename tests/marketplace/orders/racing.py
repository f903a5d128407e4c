"""People who book, edit and close at the same instant, each in a thread with a connection of its own."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.db import db, writing
from marketplace.errors import Conflict
from marketplace.orders.booking_models import Allotment, Basket, Booking, BookingChange
from marketplace.orders.booking_operations import BookingRefused, Line, save_basket
from marketplace.orders.operations import fix_cycle
from marketplace.organisations.models import Kind, MemberRole, Organisation
from marketplace.outbox import OutboxEntry
from tests.factories import (
    NOW,
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)

MEMBERS = 8
BOXES = 3


class Race:
    """A group of eight households on a database where commits are real."""

    def __init__(self, app):
        self.app = app
        with app.app_context(), writing():
            session = db.session
            group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
            self.referente = make_user(session).id
            make_membership(session, session.get_one(User, self.referente), group, MemberRole.EDITOR)
            self.people = []
            for _ in range(MEMBERS):
                person = make_user(session)
                make_membership(session, person, group, MemberRole.MEMBER)
                self.people.append((person.id, make_household(session, group, person).id))
            self.group = group.id
            session.commit()

    def open(self, **product) -> None:
        """A new order with one product."""
        with self.app.app_context(), writing():
            session = db.session
            cycle = make_cycle(session, session.get_one(Organisation, self.group))
            self.cycle, self.closes_at = cycle.id, cycle.closes_at
            self.product = make_cycle_product(session, cycle, **{"unit": "box"} | product).id
            session.commit()

    def at_once(self, *tasks) -> list:
        """What each task answered or raised, all let go at one barrier."""
        barrier, answers = Barrier(len(tasks)), [None] * len(tasks)

        def run(number, task):
            with self.app.app_context():
                barrier.wait(30)
                try:
                    with writing():
                        answers[number] = task(db.session)
                except Exception as problem:
                    answers[number] = problem
                    db.session.rollback()

        threads = [Thread(target=run, args=pair) for pair in enumerate(tasks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return answers

    def booking(self, number: int, quantity: int, *, key: str | None = None, version: int = 0, now=NOW):
        person, household = self.people[number]

        def book(session):
            return save_basket(
                session, session.get_one(User, person), self.cycle, household, {self.product: Line(quantity)},
                version=version, key=key or f"{self.cycle}-{number}-{version}", now=now,
            )  # fmt: skip

        return book

    def closing(self):
        def close(session):
            return fix_cycle(
                session, self.cycle, now=self.closes_at, actor=session.get_one(User, self.referente)
            )

        return close

    def read(self, query):
        with self.app.app_context():
            found = db.session.execute(query).all()
            db.session.rollback()
            return found


def eight_want_the_last_three(race: Race) -> None:
    """Ordeal 1: exactly three are sold, the others are told "sold out", nobody sees a lock."""
    race.open(available=BOXES * 1000)
    answers = race.at_once(*(race.booking(number, 1000) for number in range(MEMBERS)))
    told = Counter(
        answer.reasons[race.product][0].code if isinstance(answer, BookingRefused) else type(answer).__name__
        for answer in answers
    )
    assert told == {"dict": BOXES, "sold_out": MEMBERS - BOXES}, answers
    sold = race.read(sa.select(sa.func.sum(Booking.quantity)).where(Booking.product_id == race.product))
    assert sold == [(BOXES * 1000,)]


def one_form_arrives_twice(race: Race) -> None:
    """Ordeal 3: one booking, the same answer."""
    race.open()
    first, second = race.at_once(
        race.booking(0, 2000, key=f"one-{race.cycle}"), race.booking(0, 2000, key=f"one-{race.cycle}")
    )
    assert isinstance(first, dict), first
    assert first == second
    changes = race.read(
        sa.select(BookingChange.quantity_after).where(BookingChange.product_id == race.product)
    )
    assert changes == [(2000,)]


def two_first_forms_of_a_household(race: Race) -> None:
    """One is taken, the other is told that somebody was quicker; there is one basket."""
    race.open()
    answers = race.at_once(*(race.booking(0, 1000 * (1 + n), key=f"two-{race.cycle}-{n}") for n in range(2)))
    told = [answer.code if isinstance(answer, Conflict) else type(answer).__name__ for answer in answers]
    assert sorted(told) == ["changed_meanwhile", "dict"], answers
    booked = race.read(sa.select(Booking.quantity).where(Booking.product_id == race.product))
    assert booked == [(1000 * (1 + told.index("dict")),)]


def somebody_edits_while_it_closes(race: Race) -> None:
    """Ordeals 4 and 5: wholly in or refused; two closings close once and tell once."""
    race.open()
    first = race.at_once(race.booking(0, 1000))[0]
    just_before = race.closes_at - timedelta(milliseconds=1)
    mails = len(race.read(sa.select(OutboxEntry.id)))
    *edits, one, two = race.at_once(
        race.booking(0, 5000, version=first["version"], now=just_before),
        race.booking(1, 3000, now=just_before),
        race.closing(),
        race.closing(),
    )
    assert sorted([one, two]) == [False, True], (one, two)
    for edit in edits:
        assert isinstance(edit, dict) or (isinstance(edit, Conflict) and edit.code == "closed"), edit
    booked = race.read(
        sa.select(Booking.basket_id, Booking.quantity)
        .join(Basket, Basket.id == Booking.basket_id)
        .where(Basket.cycle_id == race.cycle)
        .order_by(Booking.basket_id)
    )
    given = race.read(
        sa.select(Allotment.basket_id, Allotment.quantity)
        .where(Allotment.product_id == race.product)
        .order_by(Allotment.basket_id)
    )
    assert booked == given
    wanted = {0: 5000 if isinstance(edits[0], dict) else 1000} | (
        {1: 3000} if isinstance(edits[1], dict) else {}
    )
    assert [quantity for _basket, quantity in booked] == list(wanted.values())
    assert len(race.read(sa.select(OutboxEntry.id))) == mails + 1


RACES = (
    eight_want_the_last_three,
    one_form_arrives_twice,
    two_first_forms_of_a_household,
    somebody_edits_while_it_closes,
)
