"""An order that is opened for a need in which several groups agreed (:mod:`marketplace.pooling`)."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer
from marketplace.demands.models import Demand
from marketplace.errors import NotFound
from marketplace.orders.models import OrderCycle
from marketplace.orders.sources import SourceKey
from marketplace.pooling.models import PooledNeed, PoolNotice


@dataclass(frozen=True, slots=True)
class CommonNeed:
    """What an order for it begins with; ``source`` is the supplier of whose offer the groups were told, if it is one."""

    demand_id: int
    title: str
    source: SourceKey | None


def common_need(session: Session, organisation_id: int, demand_id: int) -> CommonNeed:
    """A common need that the group coordinates, else :class:`NotFound`."""
    demand = session.get(Demand, demand_id)
    parts = sa.select(PooledNeed.demand_id).where(PooledNeed.common_id == demand_id)
    if demand is None or demand.organisation_id != organisation_id or session.scalar(parts.limit(1)) is None:
        raise NotFound
    suppliers = session.scalars(
        sa.select(Offer.organisation_id)
        .join(PoolNotice, PoolNotice.offer_id == Offer.id)
        .where(PoolNotice.demand_id.in_(parts), Offer.category.in_([lot.category for lot in demand.lots]))
        .distinct()
    ).all()
    source = SourceKey(organisation_id=suppliers[0]) if len(suppliers) == 1 else None
    return CommonNeed(demand.id, demand.title, source)


def groups_agreed(session: Session, cycle: OrderCycle) -> frozenset[int]:
    """The other groups that agreed to the need for which the order was opened."""
    if cycle.demand_id is None:
        return frozenset()
    found = session.scalars(
        sa.select(Demand.organisation_id)
        .join(PooledNeed, PooledNeed.demand_id == Demand.id)
        .where(PooledNeed.common_id == cycle.demand_id, PooledNeed.agreed_at.is_not(None))
    )
    return frozenset(found) - {cycle.organisation_id}


def people_who_agreed(session: Session, cycle: OrderCycle) -> list[User]:
    """Who agreed in the name of each of those groups."""
    return list(
        session.scalars(
            sa.select(User)
            .join(PooledNeed, PooledNeed.agreed_by_id == User.id)
            .join(Demand, Demand.id == PooledNeed.demand_id)
            .where(
                PooledNeed.common_id == cycle.demand_id,
                PooledNeed.agreed_at.is_not(None),
                Demand.organisation_id != cycle.organisation_id,
            )
            .distinct()
            .order_by(User.id)
        )
    )
