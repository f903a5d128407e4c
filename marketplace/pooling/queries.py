"""Open needs of groups, and the offers with a minimum that they could reach together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.areas import Place
from geo.points import Point
from marketplace import engines
from marketplace.catalogue.documents import area_values
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.demands.models import Demand, DemandType, Lot
from marketplace.demands.queries import open_ids
from marketplace.organisations.models import DeliveryArea, Organisation, Status
from marketplace.pooling.adding_up import Need, Pool, Reach, Supply, pools
from marketplace.pooling.models import PooledNeed
from search.judging import rome_day


@dataclass(frozen=True, slots=True)
class PooledRow:
    """A need that is, or is asked to be, part of a common one."""

    demand_id: int
    title: str
    organisation_id: int
    organisation: str
    agreed_at: datetime | None


def open_pools(session: Session, now: datetime) -> list[Pool]:
    """What adds up now. Needs that are part of a common one already, and common ones, are left out."""
    needs = open_needs(session, now)
    if len({need.organisation_id for need in needs}) < 2:
        return []
    tree = engines.categories()
    wanted = {
        each
        for need in needs
        if need.category in tree
        for each in (need.category, *tree.descendants(need.category))
    }
    return pools(needs, supplies(session, wanted), tree, rome_day(now))


def open_needs(session: Session, now: datetime) -> list[Need]:
    """The lines, with category, quantity and unit, of the open needs of groups and co-ops; of no public body."""
    pooled = sa.or_(
        sa.exists().where(PooledNeed.common_id == Demand.id),
        sa.exists().where(PooledNeed.demand_id == Demand.id, PooledNeed.agreed_at.is_not(None)),
    )
    rows = session.execute(
        sa.select(Lot, Demand)
        .join(Demand, Demand.id == Lot.demand_id)
        .where(
            Demand.id.in_(open_ids(now)),
            Demand.type == DemandType.NEED,
            ~pooled,
            Lot.category.is_not(None),
            Lot.quantity > 0,
            Lot.unit.is_not(None),
        )
        .order_by(Lot.id)
    )
    return [
        Need(
            demand_id=demand.id,
            lot_id=lot.id,
            organisation_id=demand.organisation_id,
            category=lot.category,
            unit=lot.unit,
            quantity=lot.quantity,
            place=Place(Point(demand.lat, demand.lon), demand.comune, demand.province),
            first_day=demand.period_from,
            last_day=demand.period_until,
            months=demand.months,
        )
        for lot, demand in rows
    ]


def supplies(session: Session, categories: Collection[str]) -> list[Supply]:
    """Public offers in the categories whose offer or delivery area has a minimum, or that come in boxes."""
    offers = session.execute(
        sa.select(Offer, Organisation.lat, Organisation.lon)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(
            Offer.status == OfferStatus.PUBLISHED,
            Organisation.status == Status.ACTIVE,
            Offer.category.in_(categories),
        )
        .order_by(Offer.id)
    ).all()
    areas: dict[int, list[DeliveryArea]] = {}
    owners = {offer.organisation_id for offer, *_seat in offers}
    for area in session.scalars(
        sa.select(DeliveryArea).where(DeliveryArea.organisation_id.in_(owners)).order_by(DeliveryArea.id)
    ):
        areas.setdefault(area.organisation_id, []).append(area)
    found = []
    for offer, lat, lon in offers:
        seat = None if lat is None else Point(lat, lon)
        reaches = tuple(
            Reach(value, stored.minimum_cents)
            for stored in areas.get(offer.organisation_id, ())
            if offer.area_ids is None or stored.id in offer.area_ids
            for value in area_values(stored, seat)
        )
        if offer.minimum or offer.box_size or any(reach.minimum_cents for reach in reaches):
            found.append(
                Supply(
                    offer_id=offer.id,
                    organisation_id=offer.organisation_id,
                    category=offer.category,
                    unit=offer.unit,
                    price=offer.price,
                    minimum=offer.minimum,
                    box=offer.box_size,
                    months=offer.months,
                    reaches=reaches,
                )
            )
    return found


def pooled_needs(session: Session, common_id: int) -> list[PooledRow]:
    """The needs of a common one, in the order in which they were posted."""
    rows = session.execute(
        sa.select(Demand.id, Demand.title, Demand.organisation_id, Organisation.name, PooledNeed.agreed_at)
        .join(PooledNeed, PooledNeed.demand_id == Demand.id)
        .join(Organisation, Organisation.id == Demand.organisation_id)
        .where(PooledNeed.common_id == common_id)
        .order_by(Demand.id)
    )
    return [PooledRow(*row) for row in rows]


def common_needs_of(session: Session, demand_id: int) -> list[tuple[Demand, PooledNeed]]:
    """The common needs of which a need is, or is asked to be, a part."""
    return [
        (demand, part)
        for demand, part in session.execute(
            sa.select(Demand, PooledNeed)
            .join(PooledNeed, PooledNeed.common_id == Demand.id)
            .where(PooledNeed.demand_id == demand_id, Demand.withdrawn_at.is_(None))
            .order_by(Demand.id)
        )
    ]
