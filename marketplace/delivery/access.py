"""Who hands out: a group's referenti at all its places, a household on shift at its own, about the time of its shift.

Only those who hand out see other households' names and what they get. Notes, which can reveal health, and
corrections are for the group's referenti alone; the coordinator of another group sees no household of this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.errors import Conflict, NotFound
from marketplace.households.models import Household, HouseholdMember
from marketplace.orders.access import Standing, standing_in, taking_part
from marketplace.orders.models import CycleGroup, OrderCycle, PickupPlace, Shift
from marketplace.organisations.models import Membership, Organisation, Status

#: A household on shift prepares the day before, and what its phone could not send comes a day later.
AROUND_A_SHIFT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hands:
    """The places of a cycle where somebody hands out, in the order of their groups; and who they are in it."""

    cycle: OrderCycle
    standing: Standing
    places: Sequence[PickupPlace]

    def is_referente_at(self, place: PickupPlace) -> bool:
        return place.group_id in self.standing.referente_of

    def place(self, place_id: int) -> PickupPlace:
        for place in self.places:
            if place.id == place_id:
                return place
        raise NotFound


def hands_in(session: Session, person: User, cycle_id: int, now: datetime) -> Hands:
    """:class:`NotFound` for who does not hand out; :class:`Conflict` ``not_shared_out`` before shares are worked out.

    Who coordinates has no places here where their own group takes no part, but marks the order as delivered.
    """
    cycle = session.get(OrderCycle, cycle_id)
    if cycle is None or cycle.confirmed_at is None:
        raise NotFound
    standing = standing_in(session, person, cycle)
    on_shift = _places_on_shift(session, person, cycle, now)
    groups = list(standing.referente_of)
    places = session.scalars(
        sa.select(PickupPlace)
        .join(CycleGroup, CycleGroup.id == PickupPlace.group_id)
        .where(
            CycleGroup.cycle_id == cycle.id,
            sa.or_(PickupPlace.group_id.in_(groups), PickupPlace.id.in_(on_shift)),
        )
        .order_by(PickupPlace.group_id, PickupPlace.position, PickupPlace.id)
    ).all()
    if not places and not standing.is_coordinator:
        raise NotFound
    if cycle.fixed_at is None or cycle.cancelled_at is not None:
        raise Conflict(
            _("Lists are there once bookings are closed and shares are worked out."), code="not_shared_out"
        )
    return Hands(cycle, standing, places)


def _places_on_shift(session: Session, person: User, cycle: OrderCycle, now: datetime) -> Sequence[int]:
    return session.scalars(
        sa.select(Shift.place_id)
        .join(PickupPlace, PickupPlace.id == Shift.place_id)
        .join(CycleGroup, CycleGroup.id == PickupPlace.group_id)
        .join(Household, Household.id == Shift.household_id)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .join(Membership, Membership.organisation_id == Household.organisation_id)
        .join(Organisation, Organisation.id == Household.organisation_id)
        .where(
            CycleGroup.cycle_id == cycle.id,
            taking_part(),
            Household.organisation_id == CycleGroup.organisation_id,
            Household.left_on.is_(None),
            HouseholdMember.person_id == person.id,
            Membership.person_id == person.id,
            Organisation.status == Status.ACTIVE,
            Shift.starts_at <= now + AROUND_A_SHIFT,
            Shift.ends_at >= now - AROUND_A_SHIFT,
        )
        .distinct()
    ).all()
