"""Rows of a cycle as the plain values that boxes, allotment and totals are decided on."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.orders.allotment import Want, Wanted
from marketplace.orders.booking_models import Allotment, Basket, Booking, BookingChange
from marketplace.orders.booking_rules import Rule, step_of
from marketplace.orders.booking_time import Part, parts_of
from marketplace.orders.models import CycleCost, CycleProduct
from marketplace.orders.totals import Cost, Line


def rule_of(product: CycleProduct) -> Rule:
    return Rule(
        minimum=product.minimum,
        step=step_of(product.unit, product.multiple, product.piece_weight),
        maximum_per_member=product.maximum_per_member,
        available=product.available,
        maximum=product.maximum,
        has_box=bool(product.box_size),
    )


def wanted_of(session: Session, cycle_id: int) -> list[Wanted]:
    """Every product of the cycle with all that is wanted of it. Three queries."""
    wants: dict[int, list[Want]] = defaultdict(list)
    histories = _histories(session, cycle_id)
    rows = session.execute(
        sa.select(
            Booking.product_id, Booking.basket_id, Basket.group_id, Booking.quantity, Booking.tolerance, Booking.booked_at
        )
        .join(Basket, Basket.id == Booking.basket_id)
        .where(Basket.cycle_id == cycle_id, Booking.quantity > 0)
    )  # fmt: skip
    for product_id, basket_id, group_id, quantity, tolerance, booked_at in rows:
        parts = _parts(histories.get((basket_id, product_id)), quantity, booked_at)
        wants[product_id].append(Want(basket_id, group_id, parts, tolerance))
    products = session.scalars(
        sa.select(CycleProduct).where(CycleProduct.cycle_id == cycle_id).order_by(CycleProduct.id)
    )
    return [
        Wanted(
            product.id,
            # nothing comes of what was withdrawn
            wants[product.id],
            product.box_size,
            0 if product.withdrawn_at is not None else rule_of(product).ceiling,
            product.deliverable,
            None if product.withdrawn_at is not None else product.substitutes_id,
        )
        for product in products
    ]


def _parts(
    history: Sequence[tuple[datetime, int]] | None, quantity: int, booked_at: datetime
) -> tuple[Part, ...]:
    if history:
        parts = parts_of(history)
        # bookings that came in another way than by somebody's change keep at least their own time
        if sum(part.quantity for part in parts) == quantity:
            return parts
    return (Part(quantity, booked_at),)


def _histories(session: Session, cycle_id: int) -> dict[tuple[int, int], list[tuple[datetime, int]]]:
    """The changes of those bookings that were changed after they were made; the others have one part."""
    changed = (
        sa.select(BookingChange.basket_id, BookingChange.product_id)
        .join(Basket, Basket.id == BookingChange.basket_id)
        .where(Basket.cycle_id == cycle_id, BookingChange.quantity_before > 0)
        .distinct()
        .subquery()
    )
    rows = session.execute(
        sa.select(
            BookingChange.basket_id, BookingChange.product_id, BookingChange.at, BookingChange.quantity_after
        )
        .join(
            changed,
            sa.and_(
                changed.c.basket_id == BookingChange.basket_id,
                changed.c.product_id == BookingChange.product_id,
            ),
        )
        .order_by(BookingChange.id)
    )
    found = defaultdict(list)
    for basket_id, product_id, at, quantity in rows:
        found[basket_id, product_id].append((at, quantity))
    return found


def booked_sums(
    session: Session, cycle_id: int, *, only: Collection[int] | None = None, but_basket: int | None = None
) -> dict[int, tuple[int, int]]:
    """By product: the quantities and the tolerances of all households together."""
    query = (
        sa.select(Booking.product_id, sa.func.sum(Booking.quantity), sa.func.sum(Booking.tolerance))
        .join(Basket, Basket.id == Booking.basket_id)
        .where(Basket.cycle_id == cycle_id)
        .group_by(Booking.product_id)
    )
    if only is not None:
        query = query.where(Booking.product_id.in_(only))
    if but_basket is not None:
        query = query.where(Booking.basket_id != but_basket)
    # PostgreSQL adds up 64-bit integers to a decimal
    return {
        product: (int(quantity), int(tolerance)) for product, quantity, tolerance in session.execute(query)
    }


def booked_lines(session: Session, cycle_id: int, *, basket_id: int | None = None) -> list[Line]:
    """What was booked, as lines: what it will cost if everything comes."""
    query = _lines_query(Booking, Booking.quantity).where(
        Basket.cycle_id == cycle_id, Booking.quantity > 0, CycleProduct.withdrawn_at.is_(None)
    )
    if basket_id is not None:
        query = query.where(Basket.id == basket_id)
    return [Line(*row) for row in session.execute(query)]


def allotted_lines(session: Session, cycle_id: int, *, basket_id: int | None = None) -> list[Line]:
    """What each household gets, as lines: delivered where that is written down, else as allotted."""
    query = _lines_query(
        Allotment,
        sa.func.coalesce(Allotment.delivered, Allotment.quantity),
        Allotment.weight,
        Allotment.returned,
    ).where(Basket.cycle_id == cycle_id)
    if basket_id is not None:
        query = query.where(Basket.id == basket_id)
    return [
        Line(*values, weight=weight, deposit=deposit, returned=returned)
        for *values, deposit, weight, returned in session.execute(query)
    ]


def ordered_lines(session: Session, cycle_id: int) -> list[Line]:
    """What was shared out, as lines, whatever came of it: the same rows in the same order as :func:`allotted_lines`."""
    query = _lines_query(Allotment, Allotment.quantity).where(Basket.cycle_id == cycle_id)
    return [Line(*row) for row in session.execute(query)]


def _lines_query(table, quantity, *more):
    """Columns in the order of :class:`Line`, then its deposit, then ``more``."""
    columns = [
        Basket.id, Basket.group_id, CycleProduct.source_id, CycleProduct.id, quantity, CycleProduct.unit,
        CycleProduct.price, CycleProduct.vat_rate, CycleProduct.piece_weight,
    ]  # fmt: skip
    columns += [CycleProduct.deposit, *more] if more else [sa.null(), CycleProduct.deposit]
    return (
        sa.select(*columns)
        .select_from(table)
        .join(Basket, Basket.id == table.basket_id)
        .join(CycleProduct, CycleProduct.id == table.product_id)
        .order_by(Basket.id, CycleProduct.id)
    )


def costs_of(session: Session, cycle_id: int) -> list[Cost]:
    rows = session.scalars(sa.select(CycleCost).where(CycleCost.cycle_id == cycle_id).order_by(CycleCost.id))
    return [
        Cost(
            row.id,
            row.kind,
            row.split_by,
            row.amount,
            row.percent,
            row.threshold,
            row.group_id,
            row.source_id,
        )
        for row in rows
    ]
