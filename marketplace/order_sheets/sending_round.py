"""What the worker does because an order has been worked out: it goes to its suppliers by itself, once."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.db import writing
from marketplace.order_sheets.link_tokens import new_token
from marketplace.order_sheets.sending import send_order
from marketplace.orders.booking_models import GroupAllotment
from marketplace.orders.models import CycleProduct, CycleSource, OrderCycle

#: Between the closing and the mail that goes by itself: the time in which referenti still add what somebody forgot.
WAIT = timedelta(hours=1)


def send_due_orders(session: Session, now: datetime) -> int:
    """Send what was worked out an hour ago, or more, to those suppliers who have an address; how many orders."""
    asked = (
        sa.select(sa.literal(1))
        .select_from(GroupAllotment)
        .join(CycleProduct, CycleProduct.id == GroupAllotment.product_id)
        .where(CycleProduct.source_id == CycleSource.id, GroupAllotment.quantity > 0)
        .correlate(CycleSource)
        .exists()
    )
    ids = session.scalars(
        sa.select(OrderCycle.id)
        .join(CycleSource, CycleSource.cycle_id == OrderCycle.id)
        .where(
            OrderCycle.fixed_at <= now - WAIT,
            OrderCycle.sent_at.is_(None),
            OrderCycle.delivered_at.is_(None),
            OrderCycle.cancelled_at.is_(None),
            CycleSource.sent_at.is_(None),
            CycleSource.email != "",
            asked,
        )
        .distinct()
        .order_by(OrderCycle.id)
    ).all()
    session.rollback()
    sent = 0
    for cycle_id in ids:
        with writing():
            sent += send_order(session, cycle_id, now=now, new_token=new_token)
    return sent
