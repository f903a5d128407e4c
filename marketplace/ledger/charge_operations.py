"""Charging households for an order or for the year, all at once and each once, by the group's editors."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, NotFound
from marketplace.households.queries import households, settings_of
from marketplace.ledger import entries, writing
from marketplace.ledger.charging import charges
from marketplace.ledger.entries import AccountKey, EntryKind
from marketplace.ledger.models import Entry
from marketplace.ledger.writing import Movement, taking_back, today
from marketplace.orders import reading
from marketplace.orders.access import taking_part
from marketplace.orders.booking_models import Basket
from marketplace.orders.models import CycleGroup, CycleSource, OrderCycle
from marketplace.orders.queries import lines_of
from marketplace.permissions import require_role


def charge_cycle(session: Session, actor: User, organisation_id: int, cycle_id: int, *, now: datetime) -> int:
    """Charge what one group's households owe for an order; how many entries were changed or made.

    Done again it only follows what has changed since (weights, missing pieces, a cancelled order): a wrong charge is
    taken back and written anew. By an editor of the group, once boxes and shares have been worked out.
    """
    require_role(session, actor, organisation_id)
    cycle, group = cycle_of_group(session, organisation_id, cycle_id)
    if cycle.fixed_at is None and cycle.cancelled_at is None:
        raise Conflict(_("Boxes and shares have not been worked out yet."), code="not_fixed")
    writing.hold(session, organisation_id)
    movements, accounts = _differences(session, organisation_id, cycle, group, now)
    if movements:
        writing.write_all(session, organisation_id, movements, now=now, actor_id=actor.id, accounts=accounts)
        audit.record(
            session, now=now, actor_id=actor.id, verb="ledger.charged", subject=cycle, entries=len(movements)
        )
    session.commit()
    return len(movements)


def _differences(
    session: Session, organisation_id: int, cycle: OrderCycle, group: CycleGroup, now: datetime
) -> tuple[list[Movement], Mapping[AccountKey, int]]:
    wanted = {} if cycle.cancelled_at else group_charges(session, cycle, group)
    homes = dict(
        tuple(row)
        for row in session.execute(
            sa.select(Basket.id, Basket.household_id).where(Basket.group_id == group.id)
        )
    )
    drafts = {basket: entries.charge(homes[basket], parts) for basket, parts in wanted.items() if parts}
    keys = {key for draft in drafts.values() for key in draft.sides}
    accounts = writing.account_ids(session, organisation_id, keys, now)
    standing, tries = charges_so_far(session, organisation_id, cycle.id)
    day = today(now)
    found = []
    for basket in sorted(drafts.keys() | standing.keys()):
        draft, before = drafts.get(basket), standing.get(basket)
        sides = {accounts[key]: cents for key, cents in draft.sides.items()} if draft else {}
        if before is not None and writing.sides_of(before) == sides:
            continue
        if before is not None:
            found.append(taking_back(before, day, before.text))
        if draft is not None:
            number = tries.get(basket, 0) + 1
            key = f"charge:{cycle.id}:{basket}" + (f":{number}" if number > 1 else "")
            found.append(Movement(draft, day, cycle.title, key, cycle.id))
    return found, accounts


def charges_so_far(
    session: Session, organisation_id: int, cycle_id: int
) -> tuple[dict[int, Entry], dict[int, int]]:
    """By basket: the charge that stands, and how many were ever written."""
    standing: dict[int, Entry] = {}
    tries: dict[int, int] = {}
    for entry, taken_back in session.execute(
        sa.select(Entry, writing.is_reversed()).where(
            Entry.organisation_id == organisation_id,
            Entry.cycle_id == cycle_id,
            Entry.kind == EntryKind.CHARGE,
            Entry.key.startswith(f"charge:{cycle_id}:", autoescape=True),
        )
    ):
        basket = int(entry.key.split(":")[2])
        tries[basket] = tries.get(basket, 0) + 1
        if not taken_back:
            standing[basket] = entry
    return standing, tries


def group_charges(session: Session, cycle: OrderCycle, group: CycleGroup) -> dict[int, dict[AccountKey, int]]:
    """What each basket of one group owes and to whom; costs are shared among the baskets of all groups."""
    suppliers = dict(
        tuple(row)
        for row in session.execute(
            sa.select(CycleSource.id, CycleSource.name).where(CycleSource.cycle_id == cycle.id)
        )
    )
    lines = lines_of(session, cycle)
    found = charges(lines, reading.costs_of(session, cycle.id), suppliers)
    own = {line.basket for line in lines if line.group == group.id}
    return {basket: parts for basket, parts in found.items() if basket in own}


def charge_yearly_fee(
    session: Session, actor: User, organisation_id: int, year: int, *, now: datetime
) -> int:
    """Charge the group's membership fee to every household that is in it, once a year each; how many were charged."""
    require_role(session, actor, organisation_id)
    cents = settings_of(session, organisation_id).yearly_fee
    if not cents:
        raise Conflict(_("The group has set no yearly fee."), code="no_fee")
    writing.hold(session, organisation_id)
    charged = set(
        session.scalars(
            sa.select(Entry.key).where(
                Entry.organisation_id == organisation_id,
                Entry.key.startswith(f"fee:{year}:", autoescape=True),
            )
        )
    )
    movements = [
        Movement(entries.fee(home.id, cents), today(now), str(year), key)
        for home in households(session, organisation_id)
        if (key := f"fee:{year}:{home.id}") not in charged
    ]
    made = writing.write_all(session, organisation_id, movements, now=now, actor_id=actor.id)
    if made:
        audit.record(
            session,
            now=now,
            actor_id=actor.id,
            verb="ledger.fees_charged",
            subject=made[0],
            entries=len(made),
        )
    session.commit()
    return len(made)


def cycle_of_group(session: Session, organisation_id: int, cycle_id: int) -> tuple[OrderCycle, CycleGroup]:
    """An order in which the group takes part. Raises :class:`NotFound`."""
    row = session.execute(
        sa.select(OrderCycle, CycleGroup)
        .join(CycleGroup, CycleGroup.cycle_id == OrderCycle.id)
        .where(
            OrderCycle.id == cycle_id,
            OrderCycle.confirmed_at.is_not(None),
            CycleGroup.organisation_id == organisation_id,
            taking_part(),
        )
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]
