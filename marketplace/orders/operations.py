"""The end of a cycle's booking: boxes and shares worked out once, and what happens where the minimum is not reached."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.orders import letters, merging, reading
from marketplace.orders.allotment import allot
from marketplace.orders.allotting import write_allotments
from marketplace.orders.lifecycle import UNDER_WAY, State, last_moment, state
from marketplace.orders.models import CycleProduct, MinimumChoice, OrderCycle
from marketplace.orders.people import everybody
from marketplace.orders.totals import Line
from marketplace.permissions import require_role


class MinimumNotReached(Conflict):
    """Somebody has to choose what becomes of the order; amounts in cents."""

    code = "minimum_not_reached"

    def __init__(self, total: int, minimum: int):
        super().__init__(_("The minimum of this order is not reached: choose what happens with it."))
        self.total, self.minimum = total, minimum


def held(session: Session, cycle_id: int) -> OrderCycle:
    """The cycle as it is now, for this transaction alone: bookings wait (PostgreSQL; SQLite has one writer)."""
    # not session.get(with_for_update=True): that one refuses a row read before at an older version
    cycle = session.scalar(
        sa.select(OrderCycle)
        .where(OrderCycle.id == cycle_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if cycle is None:
        raise NotFound
    return cycle


def fix_cycle(session: Session, cycle_id: int, *, now: datetime, actor: User | None = None) -> bool:
    """Work out boxes and shares of a cycle whose time is over, once; ``False`` where that was done already.

    By the worker (``actor`` is ``None``) or by an editor of the coordinating group. Raises :class:`Conflict`
    ``not_closed`` while households still book, :class:`MinimumNotReached` where nobody has chosen yet.
    """
    cycle = held(session, cycle_id)
    if actor is not None:
        require_role(session, actor, cycle.organisation_id)
    if cycle.fixed_at is not None:
        session.rollback()
        return False
    if state(cycle, now) is not State.CLOSED:
        raise Conflict(_("Households can still book."), code="not_closed")
    if cycle.minimum_total and cycle.minimum_choice != MinimumChoice.SENT_ANYWAY:
        total = ordered_total(session, cycle)
        if total < cycle.minimum_total:
            raise MinimumNotReached(total, cycle.minimum_total)
    write_allotments(session, cycle)
    cycle.fixed_at = now
    audit.record(session, now=now, actor_id=actor.id if actor else None, verb="cycle.fixed", subject=cycle)
    letters.fixed(session, cycle, now)
    session.commit()
    return True


def ordered_total(session: Session, cycle: OrderCycle) -> int:
    """Cents of what would be ordered now, in whole boxes: what a supplier's minimum is about."""
    products = {
        product.id: product
        for product in session.scalars(sa.select(CycleProduct).where(CycleProduct.cycle_id == cycle.id))
    }
    found = allot(reading.wanted_of(session, cycle.id))
    return sum(
        Line(
            basket=0,
            group=0,
            source=0,
            product=id_,
            quantity=one.boxes.ordered,
            unit=products[id_].unit,
            price=products[id_].price,
            piece_weight=products[id_].piece_weight,
        ).goods
        for id_, one in found.items()
    )


def cancel_cycle(session: Session, actor: User, cycle_id: int, reason: str, *, now: datetime) -> None:
    """By an editor of the coordinating group, until the order is with the supplier; everybody is told why."""
    cycle = held(session, cycle_id)
    require_role(session, actor, cycle.organisation_id)
    found = state(cycle, now)
    if found is State.CANCELLED:
        session.rollback()
        return
    if found not in UNDER_WAY - {State.SENT, State.DELIVERED}:
        raise Conflict(_("This order can no longer be cancelled."), code="too_late")
    if not reason and found is not State.DRAFT:
        raise Invalid(_("Write why: everybody is told."), code="missing", field="reason")
    cycle.cancelled_at, cycle.cancel_reason = now, reason
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.cancelled", subject=cycle)
    if found is not State.DRAFT:
        letters.cancelled(session, cycle, now)
    session.commit()


def choose_where_minimum_missed(
    session: Session,
    actor: User,
    cycle_id: int,
    choice: MinimumChoice,
    *,
    now: datetime,
    closes_at: datetime | None = None,
) -> OrderCycle:
    """More time, joining the nearest open order of the same supplier, sending anyway, or releasing everybody.

    By an editor of the coordinating group, of a closed cycle that is not fixed yet. The cycle in which the bookings now
    are is given back. Everybody is told. Sending anyway says that the supplier has agreed.
    """
    cycle = held(session, cycle_id)
    require_role(session, actor, cycle.organisation_id)
    if state(cycle, now) is not State.CLOSED or cycle.fixed_at is not None:
        raise Conflict(_("This order is not waiting for a choice."), code="not_waiting")
    people = everybody(session, cycle)
    target = cycle
    if choice is MinimumChoice.EXTENDED:
        if closes_at is None or closes_at <= now:
            raise Invalid(
                _("Write a moment that is still to come."), code="deadline_passed", field="closes_at"
            )
        if cycle.delivery_from is not None and closes_at > cycle.delivery_from:
            raise Invalid(_("This is after the delivery."), code="invalid", field="closes_at")
        if cycle.completion_until is not None:
            cycle.completion_until = closes_at + (cycle.completion_until - cycle.closes_at)
            if cycle.delivery_from is not None:
                cycle.completion_until = min(cycle.completion_until, cycle.delivery_from)
            if cycle.completion_until <= closes_at:
                cycle.completion_until = None
        cycle.closes_at = closes_at
    elif choice is MinimumChoice.MERGED:
        target = merging.merge_into_nearest(session, cycle, now)
    elif choice is MinimumChoice.RELEASED:
        cycle.cancelled_at = now
    cycle.minimum_choice = choice
    audit.record(
        session, now=now, actor_id=actor.id, verb="cycle.minimum_chosen", subject=cycle, choice=str(choice)
    )
    letters.minimum_chosen(session, people, cycle, now)
    session.commit()
    if choice is MinimumChoice.SENT_ANYWAY:
        fix_cycle(session, cycle.id, now=now, actor=actor)
    return target


def is_over(cycle: OrderCycle, now: datetime) -> bool:
    return now >= last_moment(cycle)
