"""A product that turns out not to be there is taken out of an order that is open already, and can be put back."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, NotFound
from marketplace.orders import letters
from marketplace.orders.allotting import write_allotments
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleProduct
from marketplace.orders.operations import held
from marketplace.orders.people import who_booked
from marketplace.permissions import require_role

#: From the confirmation until the order is with the supplier.
WITHDRAWABLE = frozenset({State.PLANNED, State.OPEN, State.COMPLETION, State.CLOSED})


def set_withdrawn(
    session: Session, actor: User, cycle_id: int, product_id: int, withdrawn: bool, *, now: datetime
) -> None:
    """By an editor of the coordinating group. Nobody gets or pays what is withdrawn; bookings of it are kept.

    Who booked it is told of a withdrawal. Doing it twice changes nothing.
    """
    cycle = held(session, cycle_id)
    require_role(session, actor, cycle.organisation_id)
    if state(cycle, now) not in WITHDRAWABLE:
        raise Conflict(_("The products of this order can no longer be changed."), code="too_late")
    product = session.scalar(
        sa.select(CycleProduct)
        .where(CycleProduct.id == product_id, CycleProduct.cycle_id == cycle.id)
        .with_for_update()
    )
    if product is None:
        raise NotFound
    if (product.withdrawn_at is not None) is withdrawn:
        session.rollback()
        return
    product.withdrawn_at = now if withdrawn else None
    verb = "cycle.product_withdrawn" if withdrawn else "cycle.product_put_back"
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=cycle, product=product.id)
    if withdrawn:
        letters.withdrawn(session, who_booked(session, product.id), cycle, product.title, now)
    if cycle.fixed_at is not None:
        write_allotments(session, cycle)
    session.commit()
