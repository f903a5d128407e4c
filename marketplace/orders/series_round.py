"""Drafts of cycles that come back, made when they are due, once, copied from the newest confirmed cycle of the series."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.db import writing
from marketplace.orders import letters, sources
from marketplace.orders.models import (
    CycleCost,
    CycleGroup,
    CycleProduct,
    CycleSource,
    OrderCycle,
    OrderSeries,
    PickupPlace,
)
from marketplace.orders.people import coordinators
from marketplace.orders.recurrence import due, moments_for
from marketplace.organisations.models import Organisation, Status
from marketplace.permissions import require_role


def make_due_drafts(session: Session, now: datetime) -> int:
    """One draft for each series whose next cycle is near; how many were made. Run again, it makes none."""
    waiting = [series.id for series in _running(session) if _due(series, now) is not None]
    session.rollback()
    for series_id in waiting:
        with writing():
            _make(session, series_id, now)
    return len(waiting)


def stop_series(session: Session, actor: User, series: OrderSeries, *, now: datetime) -> None:
    """By an editor of the group: no further drafts are made; what there is stays."""
    require_role(session, actor, series.organisation_id)
    if series.stopped_at is None:
        series.stopped_at = now
        audit.record(session, now=now, actor_id=actor.id, verb="series.stopped", subject=series)
    session.commit()


def _running(session: Session):
    return session.scalars(
        sa.select(OrderSeries)
        .join(Organisation, Organisation.id == OrderSeries.organisation_id)
        .where(OrderSeries.stopped_at.is_(None), Organisation.status == Status.ACTIVE)
        .order_by(OrderSeries.id)
    ).all()


def _due(series: OrderSeries, now: datetime) -> date | None:
    return due(series.starts_on, series.every_weeks, series.pattern, series.last_made_for, now)


def _make(session: Session, series_id: int, now: datetime) -> None:
    series = session.scalar(
        sa.select(OrderSeries)
        .where(OrderSeries.id == series_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    # asked again while it is held: another worker may have been faster
    day = None if series is None or series.stopped_at is not None else _due(series, now)
    if day is None:
        session.rollback()
        return
    series.last_made_for = day
    model = session.scalar(
        sa.select(OrderCycle)
        .where(OrderCycle.series_id == series.id)
        .order_by(OrderCycle.confirmed_at.is_(None), OrderCycle.confirmed_at.desc(), OrderCycle.id.desc())
        .limit(1)
    )
    if model is not None:
        cycle = _copy(session, model, moments_for(day, series.pattern), now)
        letters.draft_made(session, cycle, coordinators(session, cycle), now)
    session.commit()


def _copy(session: Session, model: OrderCycle, moments: dict[str, datetime], now: datetime) -> OrderCycle:
    own = next(group for group in model.groups if group.organisation_id == model.organisation_id)
    cycle = OrderCycle(
        organisation_id=model.organisation_id,
        coordinator_id=model.coordinator_id,
        series_id=model.series_id,
        title=model.title,
        note=model.note,
        minimum_total=model.minimum_total,
        maximum_total=model.maximum_total,
        open_to_groups=model.open_to_groups,
        demo=model.demo,
        created_at=now,
        **moments,
        groups=[
            CycleGroup(
                organisation_id=own.organisation_id,
                referente_id=own.referente_id,
                asked_at=now,
                admitted_at=now,
                places=[
                    PickupPlace(position=place.position, name=place.name, address=place.address)
                    for place in own.places
                ],
            )
        ],
    )
    session.add(cycle)
    session.flush()
    kept = {
        (product.offer_id, product.item_id, product.variant): product
        for product in model.products
        if product.substitutes_id is None
    }
    position = 0
    for source in model.sources:
        new = CycleSource(
            cycle_id=cycle.id,
            organisation_id=source.organisation_id,
            private_list_id=source.private_list_id,
            name=source.name,
            email=source.email,
            vat_number=source.vat_number,
        )
        session.add(new)
        session.flush()
        for line in sources.lines_of(session, new):
            if (before := kept.get(line.identity)) is None:
                continue
            session.add(
                CycleProduct(
                    cycle_id=cycle.id, source_id=new.id, position=position, piece_weight=before.piece_weight,
                    deposit=before.deposit, maximum=before.maximum, **line.columns(),
                )
            )  # fmt: skip
            position += 1
    session.add_all(
        CycleCost(
            cycle_id=cycle.id, kind=cost.kind, label=cost.label, amount=cost.amount, percent=cost.percent,
            threshold=cost.threshold, split_by=cost.split_by,
        )
        for cost in model.costs
        if cost.group_id is None and cost.source_id is None
    )  # fmt: skip
    session.flush()
    return cycle
