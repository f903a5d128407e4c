"""What the worker does for group orders because time has passed; each is done once whatever ends in between.

That a cycle is closed needs none of this: its state follows from its moments.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.db import writing
from marketplace.formats import quantity
from marketplace.households.models import HouseholdMember
from marketplace.orders import letters, reading
from marketplace.orders.booking_models import Basket, Booking, OrderNotice
from marketplace.orders.boxes import fill_boxes
from marketplace.orders.models import CycleProduct, OrderCycle
from marketplace.orders.operations import MinimumNotReached, fix_cycle
from marketplace.orders.series_round import make_due_drafts

REMIND_BEFORE = timedelta(days=1)


def look_after_orders(session: Session, now: datetime) -> int:
    """Drafts of series, reminders, boxes that could be filled, and cycles whose time is over; how much was done."""
    return (
        make_due_drafts(session, now)
        + remind(session, now)
        + ask_for_help(session, now)
        + fix_due(session, now)
    )


def fix_due(session: Session, now: datetime) -> int:
    """Work out what is closed and waits; where the minimum is missed whoever coordinates is told, once."""
    over = sa.func.coalesce(OrderCycle.completion_until, OrderCycle.closes_at) <= now
    ids = session.scalars(
        sa.select(OrderCycle.id)
        .where(
            OrderCycle.confirmed_at.is_not(None),
            OrderCycle.cancelled_at.is_(None),
            OrderCycle.fixed_at.is_(None),
            over,
        )
        .order_by(OrderCycle.id)
    ).all()
    session.rollback()
    done = 0
    for cycle_id in ids:
        with writing():
            try:
                done += fix_cycle(session, cycle_id, now=now)
            except MinimumNotReached as missed:
                session.rollback()
                _tell_missed(session, cycle_id, missed.total, now)
    return done


def _tell_missed(session: Session, cycle_id: int, total: int, now: datetime) -> None:
    cycle = session.get_one(OrderCycle, cycle_id)
    told = sa.select(AuditEvent.id).where(
        AuditEvent.subject == "order_cycle",
        AuditEvent.subject_id == cycle_id,
        AuditEvent.verb == "cycle.minimum_missed",
        AuditEvent.at >= cycle.closes_at,
    )
    if session.scalar(told.limit(1)) is None:
        audit.record(session, now=now, actor_id=None, verb="cycle.minimum_missed", subject=cycle, total=total)
        letters.minimum_missed(session, cycle, total, now)
    session.commit()


def remind(session: Session, now: datetime) -> int:
    """A day before the closing, to who has booked; whoever has not is told by the text that the group passes on."""
    cycles = session.scalars(
        sa.select(OrderCycle).where(
            OrderCycle.confirmed_at.is_not(None),
            OrderCycle.cancelled_at.is_(None),
            OrderCycle.opens_at <= now,
            OrderCycle.closes_at > now,
            OrderCycle.closes_at <= now + REMIND_BEFORE,
        )
    ).all()
    waiting = {cycle.id: ids for cycle in cycles if (ids := _untold(session, cycle.id, "reminder"))}
    session.rollback()
    for cycle_id in waiting:
        with writing():
            cycle = session.get_one(OrderCycle, cycle_id)
            ids = _untold(session, cycle_id, "reminder")
            _note(session, cycle_id, "reminder", ids, now)
            letters.reminder(session, _people(session, ids), cycle, now)
            session.commit()
    return len(waiting)


def ask_for_help(session: Session, now: datetime) -> int:
    """In the completion, to those who booked of a box that is open: what it lacks."""
    cycles = session.scalars(
        sa.select(OrderCycle.id).where(
            OrderCycle.confirmed_at.is_not(None),
            OrderCycle.cancelled_at.is_(None),
            OrderCycle.closes_at <= now,
            OrderCycle.completion_until > now,
        )
    ).all()
    waiting = [id_ for id_ in cycles if _helpers(session, id_)[0]]
    session.rollback()
    for cycle_id in waiting:
        with writing():
            ids, titles = _helpers(session, cycle_id)
            _note(session, cycle_id, "box", ids, now)
            letters.could_help(
                session, _people(session, ids), session.get_one(OrderCycle, cycle_id), titles, now
            )
            session.commit()
    return len(waiting)


def _helpers(session: Session, cycle_id: int) -> tuple[list[int], list[str]]:
    """Households that have booked of an open box and were not told, and the open boxes in words."""
    sums = reading.booked_sums(session, cycle_id)
    lacking = {}
    for product in session.scalars(sa.select(CycleProduct).where(CycleProduct.id.in_(sums))):
        boxes = fill_boxes(product.box_size, *sums[product.id])
        if boxes.is_open:
            lacking[product.id] = f"{product.title}: {quantity(boxes.missing, product.unit)}"
    if not lacking:
        return [], []
    untold = set(_untold(session, cycle_id, "box"))
    ids = session.scalars(
        sa.select(Basket.household_id)
        .join(Booking, Booking.basket_id == Basket.id)
        .where(Basket.cycle_id == cycle_id, Booking.product_id.in_(lacking))
        .distinct()
        .order_by(Basket.household_id)
    )
    return [id_ for id_ in ids if id_ in untold], [lacking[id_] for id_ in sorted(lacking)]


def _untold(session: Session, cycle_id: int, kind: str) -> list[int]:
    told = sa.select(OrderNotice.household_id).where(
        OrderNotice.cycle_id == cycle_id, OrderNotice.kind == kind
    )
    return list(
        session.scalars(
            sa.select(Basket.household_id)
            .where(Basket.cycle_id == cycle_id, Basket.household_id.not_in(told))
            .order_by(Basket.household_id)
        )
    )


def _note(session: Session, cycle_id: int, kind: str, ids: list[int], now: datetime) -> None:
    session.add_all(OrderNotice(cycle_id=cycle_id, kind=kind, household_id=id_, at=now) for id_ in ids)


def _people(session: Session, household_ids: list[int]) -> list[User]:
    return list(
        session.scalars(
            sa.select(User)
            .join(HouseholdMember, HouseholdMember.person_id == User.id)
            .where(HouseholdMember.household_id.in_(household_ids))
            .distinct()
            .order_by(User.id)
        )
    )
