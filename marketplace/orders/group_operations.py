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
from marketplace.orders.booking_models import Basket, Booking
from marketplace.orders.common_needs import groups_agreed
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.orders.opening_operations import Place, places_of
from marketplace.orders.operations import held
from marketplace.orders.people import coordinators, referenti_of
from marketplace.organisations.models import Organisation
from marketplace.permissions import require_role

_JOINABLE = frozenset({State.PLANNED, State.OPEN})
#: Once it is settled, where things were collected is history.
_PLACES_STAY = frozenset({State.SETTLED, State.CANCELLED})


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
    """By an editor of another group, who becomes its referente; asking again changes what was asked.

    A group that agreed to the common need for which the order was opened is admitted at once.
    """
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
    group.places = places_of(places)
    agreed = organisation.id in groups_agreed(session, cycle)
    if agreed:
        group.admitted_at = now
    session.flush()
    verb = "cycle.group_admitted" if agreed else "cycle.join_asked"
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=cycle, group=group.id)
    if not agreed:
        letters.asks_to_join(session, cycle, organisation.name, coordinators(session, cycle), now)
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
    letters.answered(session, cycle, referenti_of(session, group), admitted=admitted, now=now)
    session.commit()


def leave_cycle(session: Session, actor: User, cycle_id: int, group_id: int, *, now: datetime) -> None:
    """By an editor of a group that joined, as long as none of its households has booked."""
    cycle = held(session, cycle_id)
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


def change_places(
    session: Session,
    actor: User,
    cycle_id: int,
    group_id: int,
    places: Sequence[Place],
    *,
    now: datetime,
) -> None:
    """By an editor of the group, also after the order was opened: a place that keeps its name stays the same one.

    Raises :class:`Conflict` ``place_chosen`` where households have chosen a place that would be gone.
    """
    cycle = held(session, cycle_id)
    group = session.get(CycleGroup, group_id)
    if group is None or group.cycle_id != cycle.id:
        raise NotFound
    require_role(session, actor, group.organisation_id)
    if state(cycle, now) in _PLACES_STAY:
        raise Conflict(_("This order is settled."), code="too_late")
    if not places:
        raise Invalid(_("Write one place at least."), code="missing", field="places")
    if len({place.name for place in places}) < len(places):
        raise Invalid(_("Two places have the same name."), code="invalid", field="places")
    before = {place.name: place for place in group.places}
    gone = [place.id for name, place in before.items() if name not in {one.name for one in places}]
    if session.scalar(sa.select(Basket.id).where(Basket.place_id.in_(gone)).limit(1)) is not None:
        raise Conflict(
            _("Households collect at a place that would be gone: let them choose another first."),
            code="place_chosen",
        )
    group.places = [before.get(new.name, new) for new in places_of(places)]
    for position, (place, new) in enumerate(zip(group.places, places, strict=True)):
        place.position, place.address = position, new.address
        place.starts_at, place.ends_at = new.starts_at, new.ends_at
    audit.record(
        session, now=now, actor_id=actor.id, verb="cycle.places_changed", subject=cycle, group=group.id
    )
    session.commit()
