"""The worker's part: reminding of a shift the day before, each household once for each shift.

The day before is a day of the calendar in Rome and not 24 hours, so that it is right when clocks change.
"""

from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.db import writing
from marketplace.delivery import letters
from marketplace.households.models import Household
from marketplace.orders.booking_models import OrderNotice
from marketplace.orders.models import CycleGroup, OrderCycle, PickupPlace, Shift
from marketplace.orders.people import people_of
from marketplace.rome_time import ROME, from_rome

#: On the clock of the day before; an hour that no change of clocks touches.
REMIND_AT = time(9)
#: No day is longer, not even the one on which clocks are put back.
_WITHIN = timedelta(days=2, hours=1)


def remind_from(starts_at: datetime) -> datetime:
    """From when on a shift is reminded of: nine o'clock in Rome on the day before it begins."""
    day = starts_at.astimezone(ROME).date() - timedelta(days=1)
    return from_rome(datetime.combine(day, REMIND_AT))


def remind_of_shifts(session: Session, now: datetime) -> int:
    """Write the mails that are due; how many shifts they are about."""
    due = _due(session, now)
    # a round that finds nothing takes no write lock
    session.rollback()
    if not due:
        return 0
    with writing():
        due = _due(session, now)
        for shift_id in due:
            _remind(session, shift_id, now)
        session.commit()
    return len(due)


def _due(session: Session, now: datetime) -> list[int]:
    told = (
        sa.select(OrderNotice.cycle_id)
        .where(
            OrderNotice.cycle_id == CycleGroup.cycle_id,
            OrderNotice.household_id == Shift.household_id,
            OrderNotice.kind == sa.literal("shift.").concat(sa.cast(Shift.id, sa.String)),
        )
        .correlate(CycleGroup, Shift)
        .exists()
    )
    rows = session.execute(
        sa.select(Shift.id, Shift.starts_at)
        .join(PickupPlace, PickupPlace.id == Shift.place_id)
        .join(CycleGroup, CycleGroup.id == PickupPlace.group_id)
        .join(OrderCycle, OrderCycle.id == CycleGroup.cycle_id)
        .join(Household, Household.id == Shift.household_id)
        .where(
            Household.left_on.is_(None),
            OrderCycle.confirmed_at.is_not(None),
            OrderCycle.cancelled_at.is_(None),
            Shift.starts_at > now,
            Shift.starts_at <= now + _WITHIN,
            ~told,
        )
        .order_by(Shift.id)
    )
    return [id_ for id_, starts_at in rows if remind_from(starts_at) <= now]


def _remind(session: Session, shift_id: int, now: datetime) -> None:
    shift, place, cycle = session.execute(
        sa.select(Shift, PickupPlace, OrderCycle)
        .join(PickupPlace, PickupPlace.id == Shift.place_id)
        .join(CycleGroup, CycleGroup.id == PickupPlace.group_id)
        .join(OrderCycle, OrderCycle.id == CycleGroup.cycle_id)
        .where(Shift.id == shift_id)
    ).one()
    people = people_of(session, [shift.household_id])
    session.add(
        OrderNotice(cycle_id=cycle.id, kind=f"shift.{shift.id}", household_id=shift.household_id, at=now)
    )
    letters.shift_tomorrow(session, people, cycle, place, shift, now)
