"""Freezing a list: done once, kept for ever, never changed."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.choosing.access import require_buyer
from marketplace.choosing.freezing import canonical, digest
from marketplace.choosing.frozen_input import content_of_today
from marketplace.choosing.models import FrozenList
from marketplace.demands.models import Demand


def freeze_list(session: Session, actor: User, demand: Demand, *, now: datetime) -> FrozenList:
    """Keep today's list with its whole input. Raises :class:`marketplace.errors.NotFound` for all but the buyer.

    So it does for a type of demand that must not rank anybody.
    """
    require_buyer(session, actor, demand, now, ranked=True)
    text = canonical(content_of_today(session, actor, demand, now))
    kept = FrozenList(
        demand_id=demand.id, at=now, actor_id=actor.id, content=text.decode("utf-8"), sha256=digest(text)
    )
    session.add(kept)
    session.flush()
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="list.frozen",
        subject=demand,
        list_id=kept.id,
        sha256=kept.sha256,
    )
    session.commit()
    return kept
