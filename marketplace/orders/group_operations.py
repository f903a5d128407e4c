"""Several groups in one order: a group asks to take part, the coordinating one admits it. Each is one recipient of the fiscal document."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.households.operations import is_group
from marketplace.orders import letters
from marketplace.orders.access import EDITORS
from marketplace.orders.booking_models import Basket, Booking
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleGroup, OrderCycle, PickupPlace
from marketplace.orders.opening_operations import Place
from marketplace.organisations.models import Membership, Organisation
from marketplace.permissions import require_role

_JOINABLE = frozenset({State.PLANNED, State.OPEN})


def ask_to_join(
    session: Session,
    actor: User,
    cycle: OrderCycle,
    organisation: Organisation,
    places: Sequence[Place],
    message: str,
    *,
    now: datetime,
) -> CycleGroup:
    """By an editor of another group, who becomes its referente; asking again changes what was asked."""
    require_role(session, actor, organisation.id)
    if not cycle.open_to_groups or state(cycle, now) not in _JOINABLE:
        raise NotFound
    if not is_group(organisation):
        raise Conflict(_("Only purchasing groups and consumer co-ops have households."), code="no_group")
    if not places:
        raise Invalid(_("Say where your households collect."), code="missing", field="place")
    group = session.scalar(
        sa.select(CycleGroup)
        .where(CycleGroup.cycle_id == cycle.id, CycleGroup.organisation_id == organisation.id)
        .with_for_update()
    )
    if group is not None and group.admitted_at is not None and group.left_at is None:
        return group
    if group is None:
        group = CycleGroup(cycle_id=cycle.id, organisation_id=organisation.id)
        session.add(group)
    group.referente_id, group.message, group.asked_at = actor.id, message, now
    group.refused_at = group.left_at = group.admitted_at = None
    group.places = [
        PickupPlace(position=position, name=place.name, address=place.address)
        for position, place in enumerate(places)
    ]
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.join_asked", subject=cycle, group=group.id)
    letters.asks_to_join(session, cycle, organisation.name, _coordinators(session, cycle), now)
    session.commit()
    return group


def answer_group(
    session: Session, actor: User, cycle: OrderCycle, group_id: int, *, admitted: bool, now: datetime
) -> None:
    """By an editor of the coordinating group, while bookings are taken; the referente who asked is told."""
    require_role(session, actor, cycle.organisation_id)
    group = session.scalar(
        sa.select(CycleGroup)
        .where(CycleGroup.id == group_id, CycleGroup.cycle_id == cycle.id)
        .with_for_update()
    )
    if group is None:
        raise NotFound
    if group.admitted_at is not None or group.refused_at is not None:
        session.rollback()
        return
    if state(cycle, now) not in _JOINABLE:
        raise Conflict(_("This order takes no bookings now."), code="closed")
    if admitted:
        group.admitted_at = now
    else:
        group.refused_at = now
    verb = "cycle.group_admitted" if admitted else "cycle.group_refused"
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=cycle, group=group.id)
    person = session.get(User, group.referente_id) if group.referente_id else None
    letters.answered(session, cycle, [person] if person else [], admitted=admitted, now=now)
    session.commit()


def leave_cycle(session: Session, actor: User, cycle: OrderCycle, group_id: int, *, now: datetime) -> None:
    """By an editor of a group that joined, as long as none of its households has booked."""
    group = session.get(CycleGroup, group_id)
    if group is None or group.cycle_id != cycle.id or group.organisation_id == cycle.organisation_id:
        raise NotFound
    require_role(session, actor, group.organisation_id)
    booked = (
        sa.select(Booking.id)
        .join(Basket, Basket.id == Booking.basket_id)
        .where(Basket.group_id == group.id)
        .limit(1)
    )
    if session.scalar(booked) is not None:
        raise Conflict(_("Households of the group have booked."), code="booked")
    if group.left_at is None:
        group.left_at = now
        audit.record(
            session, now=now, actor_id=actor.id, verb="cycle.group_left", subject=cycle, group=group.id
        )
    session.commit()


def _coordinators(session: Session, cycle: OrderCycle) -> list[User]:
    person = session.get(User, cycle.coordinator_id) if cycle.coordinator_id else None
    if person is not None:
        return [person]
    return list(
        session.scalars(
            sa.select(User)
            .join(Membership, Membership.person_id == User.id)
            .where(Membership.organisation_id == cycle.organisation_id, Membership.role.in_(EDITORS))
        )
    )
