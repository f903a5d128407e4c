"""Taking the bookings of a cycle over into the nearest open one of the same supplier, with their times."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from geo.distance import haversine_km
from geo.points import Point
from marketplace.errors import Conflict
from marketplace.orders import reading
from marketplace.orders.access import taking_part
from marketplace.orders.booking_models import Basket, Booking, BookingChange, Phase
from marketplace.orders.booking_rules import refusals
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleGroup, CycleProduct, CycleSource, OrderCycle, PickupPlace
from marketplace.organisations.models import Organisation


def nearest_open(session: Session, cycle: OrderCycle, now: datetime) -> OrderCycle | None:
    """The open cycle of the same suppliers whose coordinating group is nearest: one's own, or one open to other groups."""
    suppliers = {source.organisation_id for source in cycle.sources if source.organisation_id}
    lists = {source.private_list_id for source in cycle.sources if source.private_list_id}
    own = session.get_one(Organisation, cycle.organisation_id)
    rows = session.execute(
        sa.select(OrderCycle, Organisation)
        .join(Organisation, Organisation.id == OrderCycle.organisation_id)
        .join(CycleSource, CycleSource.cycle_id == OrderCycle.id)
        .where(
            OrderCycle.id != cycle.id,
            OrderCycle.confirmed_at.is_not(None),
            OrderCycle.cancelled_at.is_(None),
            OrderCycle.closes_at > now,
            sa.or_(OrderCycle.open_to_groups, OrderCycle.organisation_id == cycle.organisation_id),
            sa.or_(CycleSource.organisation_id.in_(suppliers), CycleSource.private_list_id.in_(lists)),
        )
        .distinct()
    ).all()
    candidates = [
        (_km(own, other), row.closes_at, row.id, row) for row, other in rows if state(row, now) is State.OPEN
    ]
    return min(candidates)[-1] if candidates else None


def _km(one: Organisation, other: Organisation) -> float:
    if one.id == other.id:
        return 0.0
    if one.lat is None or other.lat is None:
        return float("inf")
    return haversine_km(Point(one.lat, one.lon), Point(other.lat, other.lon))


def merge_into_nearest(session: Session, cycle: OrderCycle, now: datetime) -> OrderCycle:
    """Move what can be moved; what the other cycle does not have, or no longer has enough of, stays behind.

    Groups of the cycle that do not take part in the other one are admitted to it with their pick-up places. Raises
    :class:`Conflict` where there is no such cycle.
    """
    target = nearest_open(session, cycle, now)
    if target is None:
        raise Conflict(_("There is no open order of the same supplier nearby."), code="nothing_to_merge_into")
    session.refresh(target, with_for_update=True)
    products = _same_products(session, cycle, target)
    groups = _groups(session, cycle, target, now)
    sums = reading.booked_sums(session, target.id)
    baskets = session.scalars(sa.select(Basket).where(Basket.cycle_id == cycle.id).order_by(Basket.id)).all()
    theirs = {
        basket.household_id: basket
        for basket in session.scalars(sa.select(Basket).where(Basket.cycle_id == target.id))
    }
    rows = sorted(
        ((row.booked_at, row.id, basket, row) for basket in baskets for row in basket.bookings),
        key=lambda row: row[:2],
    )
    for _at, _id, basket, row in rows:
        product = products.get(row.product_id)
        if product is None:
            continue
        mine = theirs.get(basket.household_id)
        if mine is None:
            mine = theirs[basket.household_id] = Basket(
                cycle_id=target.id,
                group_id=groups[basket.group_id].id,
                household_id=basket.household_id,
                note=basket.note,
                created_at=now,
                updated_at=now,
            )
            session.add(mine)
            session.flush()
        _move(session, row, mine, product, sums, now)
    session.flush()
    cycle.cancelled_at, cycle.merged_into_id = now, target.id
    return target


def _same_products(session: Session, cycle: OrderCycle, target: OrderCycle) -> dict[int, CycleProduct]:
    """The other cycle's product for each of this one's, by offer and variant or by the line of the private list."""

    def identity(product: CycleProduct) -> tuple:
        return product.offer_id, product.item_id, product.variant

    there = {
        identity(product): product
        for product in session.scalars(
            sa.select(CycleProduct).where(
                CycleProduct.cycle_id == target.id, CycleProduct.withdrawn_at.is_(None)
            ).order_by(CycleProduct.id).with_for_update()
        )
        if product.offer_id or product.item_id
    }  # fmt: skip
    here = session.scalars(sa.select(CycleProduct).where(CycleProduct.cycle_id == cycle.id))
    return {product.id: there[identity(product)] for product in here if identity(product) in there}


def _groups(session: Session, cycle: OrderCycle, target: OrderCycle, now: datetime) -> dict[int, CycleGroup]:
    there = {
        group.organisation_id: group
        for group in session.scalars(sa.select(CycleGroup).where(CycleGroup.cycle_id == target.id))
    }
    found = {}
    for group in session.scalars(sa.select(CycleGroup).where(CycleGroup.cycle_id == cycle.id, taking_part())):
        other = there.get(group.organisation_id)
        if other is None:
            other = CycleGroup(
                cycle_id=target.id,
                organisation_id=group.organisation_id,
                referente_id=group.referente_id,
                asked_at=now,
                admitted_at=now,
                places=[
                    PickupPlace(position=place.position, name=place.name, address=place.address)
                    for place in group.places
                ],
            )
            session.add(other)
        other.admitted_at, other.left_at = other.admitted_at or now, None
        session.flush()
        found[group.id] = other
    return found


def _move(
    session: Session, row: Booking, mine: Basket, product: CycleProduct, sums: dict, now: datetime
) -> None:
    already = next((one for one in mine.bookings if one.product_id == product.id), None)
    before = already.quantity if already else 0
    others, tolerated = sums.get(product.id, (0, 0))
    wanted, tolerance = before + row.quantity, row.tolerance if product.box_size else 0
    if refusals(reading.rule_of(product), wanted, tolerance, before=before, others=others - before):
        return
    session.add(
        BookingChange(
            basket_id=mine.id, product_id=product.id, at=row.booked_at, actor_id=row.booked_by_id,
            phase=Phase.OPEN, quantity_before=before, quantity_after=wanted,
            tolerance_before=already.tolerance if already else 0, tolerance_after=tolerance,
        )
    )  # fmt: skip
    if already is None:
        mine.bookings.append(
            Booking(
                product_id=product.id, quantity=wanted, tolerance=tolerance, note=row.note,
                booked_at=row.booked_at, booked_by_id=row.booked_by_id,
            )
        )  # fmt: skip
    else:
        already.quantity, already.tolerance = wanted, tolerance
    mine.updated_at = now
    sums[product.id] = (others + row.quantity, tolerated + tolerance)
