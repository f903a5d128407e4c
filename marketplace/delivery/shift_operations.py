"""Shifts (turni): a referente sets them up and may put anybody, a household takes a free one or leaves its own."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.delivery import letters
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.households.models import Household
from marketplace.households.queries import households_of, people_of
from marketplace.orders.access import standing_in
from marketplace.orders.models import CycleGroup, OrderCycle, PickupPlace, Shift

LONGEST = timedelta(days=1)


def add_shift(
    session: Session,
    actor: User,
    cycle_id: int,
    place_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    note: str = "",
    household_id: int | None = None,
    now: datetime,
) -> Shift:
    """By a referente of the place's group; with ``household_id`` somebody is put at once."""
    place, group, _cycle = _place(session, cycle_id, place_id)
    _require_referente(session, actor, cycle_id, group)
    _check_hours(starts_at, ends_at)
    shift = Shift(place_id=place.id, starts_at=starts_at, ends_at=ends_at, note=note)
    if household_id is not None:
        shift.household_id = _household(session, group, household_id).id
    session.add(shift)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="shift.added", subject=shift, cycle=cycle_id)
    session.commit()
    return shift


def edit_shift(
    session: Session,
    actor: User,
    cycle_id: int,
    shift_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    note: str = "",
    now: datetime,
) -> None:
    """Other hours or another note, by a referente of the group; who is on it stays, and is told of other hours."""
    shift = _held(session, shift_id)
    place, group, cycle = _place(session, cycle_id, shift.place_id)
    _require_referente(session, actor, cycle_id, group)
    _check_hours(starts_at, ends_at)
    other_hours = (shift.starts_at, shift.ends_at) != (starts_at, ends_at)
    if not other_hours and shift.note == note:
        session.rollback()
        return
    shift.starts_at, shift.ends_at, shift.note = starts_at, ends_at, note
    audit.record(session, now=now, actor_id=actor.id, verb="shift.edited", subject=shift, cycle=cycle_id)
    if other_hours and shift.household_id is not None:
        people = people_of(session, group.organisation_id).get(shift.household_id, [])
        letters.shift_moved(session, people, cycle, place, shift, now)
    session.commit()


def put_on_shift(
    session: Session, actor: User, cycle_id: int, shift_id: int, household_id: int | None, *, now: datetime
) -> None:
    """By a referente, any household of the group or nobody; by anybody else their own, where nobody is on it.

    Raises :class:`NotFound` for who is not of the group, :class:`Conflict` ``taken`` where somebody was quicker.
    """
    shift = _held(session, shift_id)
    _spot, group, cycle = _place(session, cycle_id, shift.place_id)
    standing = standing_in(session, actor, cycle)
    if all(one.id != group.id for one in standing.groups):
        raise NotFound
    if group.id not in standing.referente_of:
        own = {household.id for household in households_of(session, actor, group.organisation_id)}
        leaves = household_id is None and shift.household_id in own
        if not leaves and household_id not in own:
            raise NotFound
        if not leaves and shift.household_id not in (None, household_id):
            raise Conflict(_("Somebody else has taken this shift."), code="taken")
    if shift.ends_at <= now:
        raise Conflict(_("This shift is over."), code="over")
    if household_id is not None:
        _household(session, group, household_id)
    if shift.household_id != household_id:
        shift.household_id = household_id
        audit.record(
            session, now=now, actor_id=actor.id, verb="shift.changed", subject=shift, cycle=cycle_id,
            household=household_id,
        )  # fmt: skip
    session.commit()


def remove_shift(session: Session, actor: User, cycle_id: int, shift_id: int, *, now: datetime) -> None:
    shift = session.get(Shift, shift_id)
    if shift is None:
        raise NotFound
    _spot, group, _cycle = _place(session, cycle_id, shift.place_id)
    _require_referente(session, actor, cycle_id, group)
    audit.record(session, now=now, actor_id=actor.id, verb="shift.removed", subject=shift, cycle=cycle_id)
    session.delete(shift)
    session.commit()


def _held(session: Session, shift_id: int) -> Shift:
    shift = session.scalar(
        sa.select(Shift)
        .where(Shift.id == shift_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if shift is None:
        raise NotFound
    return shift


def _check_hours(starts_at: datetime, ends_at: datetime) -> None:
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Invalid(_("It ends after it begins, within a day."), code="invalid", field="ends_at")


def _place(session: Session, cycle_id: int, place_id: int) -> tuple[PickupPlace, CycleGroup, OrderCycle]:
    row = session.execute(
        sa.select(PickupPlace, CycleGroup, OrderCycle)
        .join(CycleGroup, CycleGroup.id == PickupPlace.group_id)
        .join(OrderCycle, OrderCycle.id == CycleGroup.cycle_id)
        .where(PickupPlace.id == place_id, OrderCycle.id == cycle_id)
    ).first()
    if row is None:
        raise NotFound
    return tuple(row)


def _require_referente(session: Session, actor: User, cycle_id: int, group: CycleGroup) -> None:
    if group.id not in standing_in(session, actor, session.get_one(OrderCycle, cycle_id)).referente_of:
        raise NotFound


def _household(session: Session, group: CycleGroup, household_id: int) -> Household:
    household = session.get(Household, household_id)
    if household is None or household.organisation_id != group.organisation_id or household.left_on:
        raise NotFound
    return household
