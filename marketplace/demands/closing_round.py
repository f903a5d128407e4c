"""The worker's part of following: a request closes because time passes, and who follows it is told."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.choosing.models import Outcome
from marketplace.demands.following_models import DemandFollower
from marketplace.demands.models import Demand
from marketplace.demands.queries import public_ids
from marketplace.demands.telling import tell_follower_of_closing
from marketplace.due_work import do_what_is_due

#: Told in one round: the others have their turn in the next.
AT_ONCE = 500


def tell_of_closings(session: Session, now: datetime) -> int:
    """Tell the followers of requests that have closed; how many. Who knows the outcome already is told no more."""
    told = do_what_is_due(session, lambda: _due(session, now), lambda due: _tell(session, due, now))
    return len(told or ())


def _tell(session: Session, due: Sequence[DemandFollower], now: datetime) -> None:
    for row in due:
        row.closing_told_at = now
        tell_follower_of_closing(
            session, session.get_one(User, row.person_id), session.get_one(Demand, row.demand_id), now
        )


def _due(session: Session, now: datetime) -> Sequence[DemandFollower]:
    ended = sa.exists().where(Outcome.demand_id == Demand.id)
    return session.scalars(
        sa.select(DemandFollower)
        .join(Demand, Demand.id == DemandFollower.demand_id)
        .where(
            DemandFollower.closing_told_at.is_(None),
            Demand.closes_at <= now,
            Demand.id.in_(public_ids(now)),
            ~ended,
        )
        .order_by(DemandFollower.demand_id, DemandFollower.person_id)
        .limit(AT_ONCE)
    ).all()
