"""Charging households for an order or for the year, all at once and each once, by the group's editors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, NotFound
from marketplace.households.queries import households, settings_of
from marketplace.ledger import entries, letters, writing
from marketplace.ledger.entries import AccountKey
from marketplace.ledger.models import Entry
from marketplace.ledger.order_reading import OrderReading, read_order
from marketplace.ledger.standing_charges import charges_so_far
from marketplace.ledger.writing import Movement, taking_back, today
from marketplace.orders.access import taking_part
from marketplace.orders.booking_models import Basket
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.permissions import require_role


def charge_cycle(session: Session, actor: User, organisation_id: int, cycle_id: int, *, now: datetime) -> int:
    """Charge what one group's households owe for an order; how many entries were changed or made.

    Done again it only follows what has changed since (weights, missing pieces, a cancelled order): a wrong charge is
    taken back and written anew. By an editor of the group, once boxes and shares have been worked out. Households whose
    charge changes are told.
    """
    require_role(session, actor, organisation_id)
    cycle, group = cycle_of_group(session, organisation_id, cycle_id)
    if cycle.fixed_at is None and cycle.cancelled_at is None:
        raise Conflict(_("Boxes and shares have not been worked out yet."), code="not_fixed")
    writing.hold(session, organisation_id)
    order = read_order(session, cycle)
    written = write_charges(session, cycle, group, order, actor_id=actor.id, now=now)
    letters.charged(session, cycle, group, order.totals, written.baskets, now)
    session.commit()
    return written.entries


@dataclass(frozen=True, slots=True)
class Written:
    """How many entries were written, and the baskets whose charge is another than before."""

    entries: int
    baskets: frozenset[int]


def write_charges(
    session: Session,
    cycle: OrderCycle,
    group: CycleGroup,
    order: OrderReading,
    *,
    actor_id: int,
    now: datetime,
) -> Written:
    """Let the accounts of a group follow the order, in the caller's transaction; the group's cassa is held."""
    wanted = {} if cycle.cancelled_at else order.charges_of(group)
    homes = _homes(session, group)
    drafts = {basket: entries.charge(homes[basket], parts) for basket, parts in wanted.items() if parts}
    keys = {key for draft in drafts.values() for key in draft.sides}
    accounts = writing.account_ids(session, group.organisation_id, keys, now)
    standing, tries = charges_so_far(session, group.organisation_id, cycle.id)
    day = today(now)
    movements: list[Movement] = []
    changed = set()
    for basket in sorted(drafts.keys() | standing.keys()):
        draft, before = drafts.get(basket), standing.get(basket)
        sides = {accounts[key]: cents for key, cents in draft.sides.items()} if draft else {}
        if before is not None and writing.sides_of(before) == sides:
            continue
        changed.add(basket)
        if before is not None:
            movements.append(taking_back(before, day, before.text))
        if draft is not None:
            number = tries.get(basket, 0) + 1
            key = f"charge:{cycle.id}:{basket}" + (f":{number}" if number > 1 else "")
            movements.append(Movement(draft, day, cycle.title, key, cycle.id))
    _write(session, cycle, group, movements, "ledger.charged", accounts, actor_id, now)
    return Written(len(movements), frozenset(changed))


def take_back_charges(
    session: Session, cycle: OrderCycle, group: CycleGroup, *, actor_id: int, now: datetime
) -> Written:
    """Take back every charge of the order in a group's cassa, each by an entry of its own; the cassa is held."""
    standing, _tries = charges_so_far(session, group.organisation_id, cycle.id)
    movements = [taking_back(entry, today(now), entry.text) for _basket, entry in sorted(standing.items())]
    _write(session, cycle, group, movements, "ledger.charges_taken_back", {}, actor_id, now)
    return Written(len(movements), frozenset(standing))


def _write(
    session: Session,
    cycle: OrderCycle,
    group: CycleGroup,
    movements: Sequence[Movement],
    verb: str,
    accounts: Mapping[AccountKey, int],
    actor_id: int,
    now: datetime,
) -> None:
    if not movements:
        return
    writing.write_all(
        session, group.organisation_id, movements, now=now, actor_id=actor_id, accounts=accounts
    )
    audit.record(
        session, now=now, actor_id=actor_id, verb=verb, subject=cycle, group=group.organisation_id, entries=len(movements),
    )  # fmt: skip


def _homes(session: Session, group: CycleGroup) -> dict[int, int]:
    """The household of each basket of a group."""
    rows = session.execute(sa.select(Basket.id, Basket.household_id).where(Basket.group_id == group.id))
    return dict(tuple(row) for row in rows)


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
