"""Who reads an order as its supplier: people of the organisation, or whoever holds the link of the mail."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.orders.models import CycleSource, OrderCycle
from marketplace.organisations.invitations import hash_of
from marketplace.organisations.models import Membership

#: A link ends with the order's settling; where nobody settles it, so long after the delivery or the sending.
LINK_LIFE = timedelta(days=60)


def link_ends(cycle: OrderCycle, source: CycleSource) -> datetime | None:
    """When the link of the source ends by itself; ``None`` where the order was not sent to it."""
    if source.sent_at is None:
        return None
    return max(filter(None, (source.sent_at, cycle.delivery_from, cycle.delivery_until))) + LINK_LIFE


def source_of_token(session: Session, token: str, now: datetime) -> tuple[CycleSource, OrderCycle]:
    """The part of an order that a link opens. Raises :class:`NotFound` where it has ended or is none."""
    row = session.execute(
        sa.select(CycleSource, OrderCycle)
        .join(OrderCycle, OrderCycle.id == CycleSource.cycle_id)
        .where(CycleSource.token_hash == hash_of(token))
    ).first()
    if row is None:
        raise NotFound
    source, cycle = row
    ends = link_ends(cycle, source)
    if ends is None or now >= ends or cycle.settled_at is not None or cycle.cancelled_at is not None:
        raise NotFound
    return source, cycle


def source_of_supplier(
    session: Session, organisation_id: int, source_id: int
) -> tuple[CycleSource, OrderCycle]:
    """The part of an order that an organisation delivers, once it was sent. Raises :class:`NotFound`."""
    row = session.execute(
        sa.select(CycleSource, OrderCycle)
        .join(OrderCycle, OrderCycle.id == CycleSource.cycle_id)
        .where(
            CycleSource.id == source_id,
            CycleSource.organisation_id == organisation_id,
            CycleSource.sent_at.is_not(None),
        )
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def has_account(session: Session, source: CycleSource) -> bool:
    """Whether somebody signs in for the supplier: they find the order there, and need no link."""
    return source.organisation_id is not None and bool(
        session.scalar(sa.select(sa.exists().where(Membership.organisation_id == source.organisation_id)))
    )
