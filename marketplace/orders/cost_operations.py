"""Transport, discounts and documented costs of an order. A group asks no mark-up: what is not documented is no cost."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, uploads
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleCost, CycleGroup, CycleSource, OrderCycle
from marketplace.orders.operations import held
from marketplace.orders.totals import CostKind, SplitBy
from marketplace.permissions import require_role


def check_cost(
    session: Session,
    cycle: OrderCycle,
    *,
    kind: CostKind,
    amount: int | None = None,
    percent: int | None = None,
    source_id: int | None = None,
    group_id: int | None = None,
) -> None:
    """Raises :class:`Invalid` for what is no cost, :class:`NotFound` for a supplier or group of another order."""
    if (amount is None) == (percent is None):
        raise Invalid(_("Write either an amount or a percentage."), code="invalid", field="amount")
    if kind == CostKind.COST and percent is not None:
        raise Invalid(
            _("A percentage would be a mark-up: write the amount of the document."),
            code="mark_up",
            field="percent",
        )
    for model, id_ in ((CycleSource, source_id), (CycleGroup, group_id)):
        found = session.get(model, id_) if id_ is not None else None
        if id_ is not None and (found is None or found.cycle_id != cycle.id):
            raise NotFound


def add_cost(
    session: Session,
    actor: User,
    cycle_id: int,
    *,
    kind: CostKind,
    label: str,
    split_by: SplitBy,
    amount: int | None = None,
    percent: int | None = None,
    threshold: int | None = None,
    source_id: int | None = None,
    group_id: int | None = None,
    document: bytes | None = None,
    now: datetime,
) -> CycleCost:
    """Of the whole order, of one supplier's goods or of one group, until it is settled. Either ``amount`` or ``percent``.

    One that is there already with the same label, document and all else the same is not added again.

    By an editor of the coordinating group. ``document``: the content of a checked upload; a documented cost needs one.
    """
    cycle = _open_for_costs(session, actor, cycle_id, now)
    check_cost(
        session, cycle, kind=kind, amount=amount, percent=percent, source_id=source_id, group_id=group_id
    )
    if kind == CostKind.COST and document is None:
        raise Invalid(_("Add the receipt or the invoice."), code="undocumented", field="document")
    values = {
        "kind": kind, "label": label, "split_by": split_by, "amount": amount, "percent": percent,
        "threshold": threshold, "source_id": source_id, "group_id": group_id,
        # named after its content, so that another receipt makes another cost
        "stored_as": uploads.save(document) if document is not None else "",
    }  # fmt: skip
    same = (getattr(CycleCost, name) == value for name, value in values.items())
    there = session.scalar(sa.select(CycleCost).where(CycleCost.cycle_id == cycle.id, *same).limit(1))
    if there is not None:
        # a form that was sent twice; two that are meant are told apart by their label
        session.rollback()
        return there
    cost = CycleCost(cycle_id=cycle.id, **values)
    session.add(cost)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.cost_added", subject=cycle, cost=cost.id)
    session.commit()
    return cost


def remove_cost(session: Session, actor: User, cycle_id: int, cost_id: int, *, now: datetime) -> None:
    cycle = _open_for_costs(session, actor, cycle_id, now)
    cost = session.get(CycleCost, cost_id)
    if cost is None or cost.cycle_id != cycle.id:
        raise NotFound
    stored_as = cost.stored_as
    session.delete(cost)
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.cost_removed", subject=cycle, cost=cost_id)
    session.commit()
    uploads.forget(session, [stored_as])


def _open_for_costs(session: Session, actor: User, cycle_id: int, now: datetime) -> OrderCycle:
    cycle = held(session, cycle_id)
    require_role(session, actor, cycle.organisation_id)
    if state(cycle, now) in {State.SETTLED, State.CANCELLED}:
        raise Conflict(_("This order is settled."), code="too_late")
    return cycle
