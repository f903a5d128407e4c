"""The shifts of one's groups in an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.delivery.queries import shifts_at
from marketplace.errors import NotFound
from marketplace.households.models import Household
from marketplace.households.queries import households, households_of
from marketplace.orders.access import Standing
from marketplace.orders.models import CycleGroup, OrderCycle, PickupPlace, Shift
from marketplace.orders.queries import cycle_for


@dataclass(frozen=True, slots=True)
class PlaceShifts:
    """The shifts at a place of the reader's group. ``all`` households are there for a referente only, to put one."""

    group: CycleGroup
    place: PickupPlace
    shifts: Sequence[tuple[Shift, str]]
    is_referente: bool
    own: Sequence[Household]
    all: Sequence[Household]


def shifts_for(
    session: Session, person: User, cycle_id: int, now: datetime
) -> tuple[OrderCycle, Standing, list[PlaceShifts]]:
    """Of the groups that the reader belongs to and no other; :class:`NotFound` for strangers."""
    cycle, standing = cycle_for(session, person, cycle_id, now, also_open=False)
    if not standing.groups:
        raise NotFound
    groups = {group.id: group for group in standing.groups}
    places = session.scalars(
        sa.select(PickupPlace)
        .where(PickupPlace.group_id.in_(list(groups)))
        .order_by(PickupPlace.group_id, PickupPlace.position, PickupPlace.id)
    ).all()
    shifts = shifts_at(session, [place.id for place in places])
    own, all_ = {}, {}
    for group in groups.values():
        own[group.id] = households_of(session, person, group.organisation_id)
        acts = group.id in standing.referente_of
        all_[group.id] = households(session, group.organisation_id) if acts else []
    return (
        cycle,
        standing,
        [
            PlaceShifts(
                groups[place.group_id],
                place,
                shifts[place.id],
                place.group_id in standing.referente_of,
                own[place.group_id],
                all_[place.group_id],
            )
            for place in places
        ],
    )
