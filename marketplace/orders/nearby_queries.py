"""Orders of other groups that a group could join."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.distance import haversine_km
from geo.points import Point
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.organisations.models import Organisation, Status


@dataclass(frozen=True, slots=True)
class NearbyOrder:
    cycle: OrderCycle
    organisation: Organisation
    km: float | None


def orders_near(
    session: Session, group: Organisation, now: datetime, *, limit: int = 50
) -> list[NearbyOrder]:
    """Orders of other groups that this one could join, the nearest first; those it already takes part in are left out."""
    joined = sa.select(CycleGroup.cycle_id).where(
        CycleGroup.organisation_id == group.id, CycleGroup.refused_at.is_(None), CycleGroup.left_at.is_(None)
    )
    rows = session.execute(
        sa.select(OrderCycle, Organisation)
        .join(Organisation, Organisation.id == OrderCycle.organisation_id)
        .where(
            OrderCycle.open_to_groups,
            OrderCycle.confirmed_at.is_not(None),
            OrderCycle.cancelled_at.is_(None),
            OrderCycle.closes_at > now,
            OrderCycle.organisation_id != group.id,
            OrderCycle.id.not_in(joined),
            Organisation.status == Status.ACTIVE,
        )
    ).all()
    found = [NearbyOrder(cycle, organisation, _km(group, organisation)) for cycle, organisation in rows]
    found.sort(key=lambda row: (row.km is None, row.km or 0.0, row.cycle.closes_at, row.cycle.id))
    return found[:limit]


def _km(one: Organisation, other: Organisation) -> float | None:
    if one.lat is None or other.lat is None:
        return None
    return haversine_km(Point(one.lat, one.lon), Point(other.lat, other.lon))
