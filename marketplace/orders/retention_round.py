"""Notes of bookings are deleted once they have been kept as long as the group decided: they can reveal health."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.db import writing
from marketplace.households.queries import settings_of
from marketplace.orders.booking_models import Basket, Booking, Submission
from marketplace.orders.models import CycleGroup, OrderCycle


def forget_old_notes(session: Session, now: datetime) -> int:
    """Of orders that were settled or cancelled longer ago than the group keeps notes; how many groups' orders.

    With them go the keys of the forms that were sent, which name who sent them. Quantities and sums stay.
    """
    due = _due(session, now)
    session.rollback()
    for group_id in due:
        with writing():
            _forget(session, session.get_one(CycleGroup, group_id), now)
            session.commit()
    return len(due)


def _due(session: Session, now: datetime) -> list[int]:
    ended = sa.func.coalesce(OrderCycle.settled_at, OrderCycle.cancelled_at, type_=OrderCycle.settled_at.type)
    noted = sa.or_(
        Basket.note != "",
        sa.exists().where(Booking.basket_id == Basket.id, Booking.note != ""),
    )
    rows = session.execute(
        sa.select(CycleGroup.id, CycleGroup.organisation_id, ended)
        .join(OrderCycle, OrderCycle.id == CycleGroup.cycle_id)
        .where(ended.is_not(None), sa.exists().where(Basket.group_id == CycleGroup.id, noted))
        .order_by(CycleGroup.id)
    ).all()
    return [
        group_id
        for group_id, organisation_id, at in rows
        if at + timedelta(days=settings_of(session, organisation_id).retention_days) <= now
    ]


def _forget(session: Session, group: CycleGroup, now: datetime) -> None:
    of_group = sa.select(Basket.id).where(Basket.group_id == group.id)
    unwatched = {"synchronize_session": False}
    session.execute(
        sa.update(Booking)
        .where(Booking.basket_id.in_(of_group))
        .values(note="")
        .execution_options(**unwatched)
    )
    # not through the objects: that a note was deleted is no change that somebody could have missed
    session.execute(
        sa.update(Basket).where(Basket.group_id == group.id).values(note="").execution_options(**unwatched)
    )
    session.execute(
        sa.delete(Submission)
        .where(Submission.cycle_id == group.cycle_id, Submission.answer["basket"].as_integer().in_(of_group))
        .execution_options(**unwatched)
    )
    cycle = session.get_one(OrderCycle, group.cycle_id)
    audit.record(session, now=now, actor_id=None, verb="cycle.notes_forgotten", subject=cycle, group=group.id)
