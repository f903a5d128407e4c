"""Settling an order: once, for all its groups, when what was delivered is written down; and opening its accounts again.

Groups that keep accounts have the order charged to them, each household once; elsewhere who owes what stays a list to be
ticked. Nothing of a settled order changes any more but payments. Opened again, every charge is taken back by an entry of
its own, and settling charges anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict
from marketplace.households.models import GroupSettings
from marketplace.households.queries import settings_of
from marketplace.ledger import charge_operations, letters, writing
from marketplace.ledger.order_reading import OrderReading, read_order
from marketplace.ledger.owing import order_money
from marketplace.orders.access import taking_part
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.orders.operations import held
from marketplace.orders.people import everybody
from marketplace.orders.totals import Total, add_up
from marketplace.organisations.models import Organisation
from marketplace.permissions import require_role


def settle_cycle(session: Session, actor: User, cycle_id: int, *, now: datetime) -> bool:
    """By an editor of the coordinating group, once the order is delivered; ``False`` where it is settled already.

    Every group that keeps accounts is charged, every household with an account here and every referente is told.
    """
    cycle, groups = _held(session, actor, cycle_id)
    if cycle.settled_at is not None:
        session.rollback()
        return False
    if state(cycle, now) is not State.DELIVERED:
        raise Conflict(_("Only an order that is marked as delivered can be settled."), code="not_delivered")
    order = read_order(session, cycle)
    referenti = letters.referenti_by_group(session, cycle)
    written = 0
    for group in groups:
        settings = settings_of(session, group.organisation_id)
        if settings.keeps_accounts:
            done = charge_operations.write_charges(session, cycle, group, order, actor_id=actor.id, now=now)
            written += done.entries
        found = order_money(session, cycle, group, order.totals)
        letters.settled(session, cycle, group, found, settings, referenti.get(group.id, []), now)
    cycle.settled_at = now
    audit.record(
        session, now=now, actor_id=actor.id, verb="cycle.settled", subject=cycle, entries=written,
        amount=add_up(order.totals.values()).amount,
    )  # fmt: skip
    session.commit()
    return True


def reopen_cycle(session: Session, actor: User, cycle_id: int, *, now: datetime) -> bool:
    """The accounts of a settled order are open again; ``False`` where they are. By whoever may settle it."""
    cycle, groups = _held(session, actor, cycle_id)
    if cycle.settled_at is None:
        session.rollback()
        return False
    written = sum(
        charge_operations.take_back_charges(session, cycle, group, actor_id=actor.id, now=now).entries
        for group in groups
    )
    cycle.settled_at = None
    audit.record(session, now=now, actor_id=actor.id, verb="cycle.reopened", subject=cycle, entries=written)
    letters.reopened(session, cycle, everybody(session, cycle), now)
    session.commit()
    return True


def _held(session: Session, actor: User, cycle_id: int) -> tuple[OrderCycle, Sequence[CycleGroup]]:
    """The order and the cassa of each of its groups, for this transaction alone.

    The cassas first, in the order of their ids: whoever writes in one holds it before the order is touched.
    """
    # 404 where there is none, before anything of others is held
    cycle = session.get(OrderCycle, cycle_id)
    require_role(session, actor, cycle.organisation_id if cycle else None)
    groups = session.scalars(
        sa.select(CycleGroup)
        .where(CycleGroup.cycle_id == cycle_id, taking_part())
        .order_by(CycleGroup.organisation_id)
    ).all()
    for group in groups:
        writing.hold(session, group.organisation_id)
    return held(session, cycle_id), groups


@dataclass(frozen=True, slots=True)
class GroupPart:
    """What settling means for one group, as everybody who settles may see it: a sum, and no household."""

    group: CycleGroup
    name: str
    keeps_accounts: bool
    households: int
    amount: int


def parts(session: Session, cycle: OrderCycle, order: OrderReading) -> list[GroupPart]:
    """Every group of the order, the coordinating one first; the sums are those of its lines. One query."""
    rows = session.execute(
        sa.select(CycleGroup, Organisation.name, GroupSettings.keeps_accounts)
        .join(Organisation, Organisation.id == CycleGroup.organisation_id)
        .outerjoin(GroupSettings, GroupSettings.organisation_id == Organisation.id)
        .where(CycleGroup.cycle_id == cycle.id, taking_part())
        .order_by(CycleGroup.organisation_id != cycle.organisation_id, CycleGroup.id)
    )
    found = []
    for group, name, keeps_accounts in rows:
        own = {line.basket for line in order.lines_of(group)}
        paying: list[Total] = [order.totals[basket] for basket in own if order.totals[basket].amount]
        found.append(GroupPart(group, name, bool(keeps_accounts), len(paying), add_up(paying).amount))
    return found


def unweighed(order: OrderReading) -> int:
    """Lines that are paid by weight and were not weighed: what they cost is a guess."""
    return sum(line.is_estimated for line in order.lines)
