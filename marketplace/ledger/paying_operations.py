"""Paid at the table: ticked when a household collects its order, and taken back where the tick was wrong."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Invalid, NotFound
from marketplace.households.queries import settings_of
from marketplace.ledger import entries, writing
from marketplace.ledger.charge_operations import cycle_of_group
from marketplace.ledger.models import Entry
from marketplace.ledger.writing import Movement, taking_back, today
from marketplace.orders.booking_models import Basket
from marketplace.permissions import require_role

#: A tick is one household's order; a milliard of euros is none.
MOST = 10**11


def take_payment(
    session: Session, actor: User, organisation_id: int, basket_id: int, cents: int, *, now: datetime
) -> bool:
    """The household has paid so much in cash; ``False`` where that was written down already (a double click).

    Where the group keeps accounts it is a movement of its cassa, else a tick on the basket. By an editor of the group.
    """
    require_role(session, actor, organisation_id)
    if not 0 < cents <= MOST:
        raise Invalid(_("Write an amount."), code="invalid", field="amount")
    basket = _held(session, organisation_id, basket_id)
    standing = standing_payment(session, organisation_id, basket.id)
    if standing is not None or basket.paid_at is not None:
        session.rollback()
        return False
    if settings_of(session, organisation_id).keeps_accounts:
        tries = _payments(session, organisation_id, basket.id)
        movement = Movement(
            entries.payment(basket.household_id, cents),
            today(now),
            _title(session, organisation_id, basket),
            f"table:{basket.id}:{tries + 1}",
            basket.cycle_id,
        )
        writing.write_all(session, organisation_id, [movement], now=now, actor_id=actor.id)
    else:
        basket.paid, basket.paid_at, basket.paid_to_id = cents, now, actor.id
    audit.record(session, now=now, actor_id=actor.id, verb="basket.paid", subject=basket, cents=cents)
    session.commit()
    return True


def undo_payment(
    session: Session, actor: User, organisation_id: int, basket_id: int, *, now: datetime
) -> bool:
    """The tick was wrong: the household has not paid. In the cassa it is taken back by an entry of its own."""
    require_role(session, actor, organisation_id)
    basket = _held(session, organisation_id, basket_id)
    standing = standing_payment(session, organisation_id, basket.id)
    if standing is None and basket.paid_at is None:
        session.rollback()
        return False
    if standing is not None:
        writing.write_all(
            session, organisation_id, [taking_back(standing, today(now), standing.text)], now=now, actor_id=actor.id
        )  # fmt: skip
    if basket.paid_at is not None:
        basket.paid = basket.paid_at = basket.paid_to_id = None
    audit.record(session, now=now, actor_id=actor.id, verb="basket.unpaid", subject=basket)
    session.commit()
    return True


def standing_payment(session: Session, organisation_id: int, basket_id: int) -> Entry | None:
    """What was paid at the table for a basket and not taken back."""
    return session.scalar(
        sa.select(Entry).where(
            Entry.organisation_id == organisation_id,
            Entry.key.startswith(f"table:{basket_id}:", autoescape=True),
            ~writing.is_reversed(),
        )
    )


def _payments(session: Session, organisation_id: int, basket_id: int) -> int:
    return session.scalar(
        sa.select(sa.func.count(Entry.id)).where(
            Entry.organisation_id == organisation_id,
            Entry.key.startswith(f"table:{basket_id}:", autoescape=True),
        )
    )


def _held(session: Session, organisation_id: int, basket_id: int) -> Basket:
    writing.hold(session, organisation_id)
    basket = session.scalar(
        sa.select(Basket)
        .where(Basket.id == basket_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if basket is None:
        raise NotFound
    _cycle, group = cycle_of_group(session, organisation_id, basket.cycle_id)
    if basket.group_id != group.id:
        raise NotFound
    return basket


def _title(session: Session, organisation_id: int, basket: Basket) -> str:
    cycle, _group = cycle_of_group(session, organisation_id, basket.cycle_id)
    return cycle.title
