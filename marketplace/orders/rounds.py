"""What the worker does for group orders because time has passed; each is done once whatever ends in between.

That a cycle is closed needs none of this: its state follows from its moments.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.audit import AuditEvent
from marketplace.db import writing
from marketplace.orders import letters
from marketplace.orders.models import OrderCycle
from marketplace.orders.operations import MinimumNotReached, fix_cycle
from marketplace.orders.retention_round import forget_old_notes
from marketplace.orders.series_round import make_due_drafts
from marketplace.orders.telling_round import ask_for_help, remind, tell_opened


def look_after_orders(session: Session, now: datetime) -> int:
    """Drafts of series, what households are told, cycles whose time is over, notes kept long enough; how much was done."""
    return (
        make_due_drafts(session, now)
        + tell_opened(session, now)
        + remind(session, now)
        + ask_for_help(session, now)
        + fix_due(session, now)
        + forget_old_notes(session, now)
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
