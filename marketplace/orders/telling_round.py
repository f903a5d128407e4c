"""What households are told because time has passed, each once: opened, closing soon, a box that lacks little.

Only people with an account get mail; of those without one their referente takes care, with the text to pass on.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.db import writing
from marketplace.formats import quantity
from marketplace.households.models import Household, HouseholdMember
from marketplace.orders import letters, reading
from marketplace.orders.access import taking_part
from marketplace.orders.booking_models import Basket, Booking, OrderNotice
from marketplace.orders.boxes import fill_boxes
from marketplace.orders.models import CycleGroup, CycleProduct, OrderCycle
from marketplace.orders.people import people_of
from marketplace.organisations.models import Organisation, Status
from marketplace.rome_time import days_later

#: On the wall clock of Rome: an order that closes at 22 is told of at 22, also where clocks change in that night.
REMIND_DAYS = 1
#: Households told in one transaction: those who book meanwhile wait for no more than these.
AT_ONCE = 50


def tell_opened(session: Session, now: datetime) -> int:
    """All households of the groups in an open cycle, also those of a group that joins later; how many cycles."""
    return _in_each(
        session, _open(now), lambda cycle: _untold(session, cycle.id, "opened"), _write_opened, now
    )


def remind(session: Session, now: datetime) -> int:
    """A day before the closing: who has booked, and who has not. Who was told only now that it is open is not."""
    soon = (*_open(now), OrderCycle.closes_at <= days_later(now, REMIND_DAYS))
    return _in_each(session, soon, lambda cycle: _to_remind(session, cycle), _write_reminder, now)


def ask_for_help(session: Session, now: datetime) -> int:
    """In the completion, to those who booked of a box that is open: what it lacks."""
    completing = (*_CONFIRMED, OrderCycle.closes_at <= now, OrderCycle.completion_until > now)
    return _in_each(session, completing, lambda cycle: _helpers(session, cycle.id)[0], _write_help, now)


_CONFIRMED = (OrderCycle.confirmed_at.is_not(None), OrderCycle.cancelled_at.is_(None))


def _open(now: datetime) -> tuple:
    return (*_CONFIRMED, OrderCycle.opens_at <= now, OrderCycle.closes_at > now)


def _in_each(
    session: Session,
    which: Iterable,
    waiting: Callable[[OrderCycle], Sequence[int]],
    write: Callable[[Session, OrderCycle, Sequence[int], datetime], None],
    now: datetime,
) -> int:
    """Asked without a lock whom there is to tell, and again while writing: a round that finds nobody locks nothing."""
    cycles = session.scalars(sa.select(OrderCycle).where(*which).order_by(OrderCycle.id)).all()
    ids = [cycle.id for cycle in cycles if waiting(cycle)]
    session.rollback()
    for cycle_id in ids:
        told = AT_ONCE
        while told == AT_ONCE:
            with writing():
                cycle = session.get_one(OrderCycle, cycle_id)
                block = list(waiting(cycle))[:AT_ONCE]
                if block:
                    write(session, cycle, block, now)
                session.commit()
            told = len(block)
    return len(ids)


def _write_opened(session: Session, cycle: OrderCycle, ids: Sequence[int], now: datetime) -> None:
    _note(session, cycle.id, "opened", ids, now)
    letters.opened(session, people_of(session, ids), cycle, now)


def _write_reminder(session: Session, cycle: OrderCycle, ids: Sequence[int], now: datetime) -> None:
    _note(session, cycle.id, "reminder", ids, now)
    booked = set(
        session.scalars(
            sa.select(Basket.household_id)
            .join(Booking, Booking.basket_id == Basket.id)
            .where(Basket.cycle_id == cycle.id, Basket.household_id.in_(ids))
        )
    )
    for have_booked in (True, False):
        people = people_of(session, [id_ for id_ in ids if (id_ in booked) is have_booked])
        letters.reminder(session, people, cycle, now, have_booked=have_booked)


def _write_help(session: Session, cycle: OrderCycle, ids: Sequence[int], now: datetime) -> None:
    _note(session, cycle.id, "box", ids, now)
    letters.could_help(session, people_of(session, ids), cycle, _helpers(session, cycle.id)[1], now)


def _to_remind(session: Session, cycle: OrderCycle) -> list[int]:
    late = set(
        session.scalars(
            sa.select(OrderNotice.household_id).where(
                OrderNotice.cycle_id == cycle.id,
                OrderNotice.kind == "opened",
                OrderNotice.at > days_later(cycle.closes_at, -REMIND_DAYS),
            )
        )
    )
    return [id_ for id_ in _untold(session, cycle.id, "reminder") if id_ not in late]


def _helpers(session: Session, cycle_id: int) -> tuple[list[int], list[str]]:
    """Households that have booked of an open box and were not told, and the open boxes in words."""
    sums = reading.booked_sums(session, cycle_id)
    lacking = {}
    for product in session.scalars(
        sa.select(CycleProduct).where(CycleProduct.id.in_(sums), CycleProduct.withdrawn_at.is_(None))
    ):
        boxes = fill_boxes(product.box_size, *sums[product.id], reading.rule_of(product).ceiling)
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
    """Households of the groups that take part, for which somebody signs in and who were not told of this yet."""
    told = sa.select(OrderNotice.household_id).where(
        OrderNotice.cycle_id == cycle_id, OrderNotice.kind == kind
    )
    reached = sa.select(HouseholdMember.household_id)
    return list(
        session.scalars(
            sa.select(Household.id)
            .join(CycleGroup, CycleGroup.organisation_id == Household.organisation_id)
            .join(Organisation, Organisation.id == Household.organisation_id)
            .where(
                CycleGroup.cycle_id == cycle_id,
                taking_part(),
                Organisation.status == Status.ACTIVE,
                Household.left_on.is_(None),
                Household.id.in_(reached),
                Household.id.not_in(told),
            )
            .order_by(Household.id)
        )
    )


def _note(session: Session, cycle_id: int, kind: str, ids: Sequence[int], now: datetime) -> None:
    session.add_all(OrderNotice(cycle_id=cycle_id, kind=kind, household_id=id_, at=now) for id_ in ids)
