"""Following a request: told of what is made clear, of its closing and of its outcome, until one says stop."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.demands.access import readable_demand, state_of
from marketplace.demands.following_models import DemandFollower
from marketplace.demands.lifecycle import State
from marketplace.demands.models import Demand
from marketplace.errors import Conflict, NotFound

#: Nothing more will be told of a demand in these states.
OVER = frozenset({State.OUTCOME_RECORDED, State.WITHOUT_OUTCOME, State.WITHDRAWN})


def follow_demand(session: Session, actor: User, demand_id: int, *, now: datetime) -> None:
    """Whoever may read a demand may follow it, for themselves; doing it twice changes nothing.

    Raises :class:`NotFound`, and :class:`Conflict` where nothing more will happen.
    """
    demand = readable_demand(session, actor, demand_id, now)
    where = state_of(session, demand, now)
    if where in OVER:
        raise Conflict(_("It has ended: nothing more will happen."), code="ended")
    if session.get(DemandFollower, (actor.id, demand.id)) is not None:
        return
    closed = now if where is State.CLOSED else None
    session.add(DemandFollower(person_id=actor.id, demand_id=demand.id, since=now, closing_told_at=closed))
    audit.record(session, now=now, actor_id=actor.id, verb="demand.followed", subject=demand)
    session.commit()


def stop_following(session: Session, person: User, demand_id: int, *, now: datetime) -> None:
    """Never again of this demand, unless the person follows it anew; doing it twice changes nothing."""
    row = session.get(DemandFollower, (person.id, demand_id))
    if row is None:
        return
    session.delete(row)
    demand = session.get_one(Demand, demand_id)
    audit.record(session, now=now, actor_id=person.id, verb="demand.not_followed", subject=demand)
    session.commit()


def follows(session: Session, person: User, demand_id: int) -> bool:
    return person.is_authenticated and session.get(DemandFollower, (person.id, demand_id)) is not None


def followers(session: Session, demand: Demand) -> Sequence[User]:
    return session.scalars(
        sa.select(User)
        .join(DemandFollower, DemandFollower.person_id == User.id)
        .where(DemandFollower.demand_id == demand.id)
        .order_by(User.id)
    ).all()


def followed_by(session: Session, person_id: int) -> Sequence[Demand]:
    """The demands that somebody follows, the last taken up first."""
    return session.scalars(
        sa.select(Demand)
        .join(DemandFollower, DemandFollower.demand_id == Demand.id)
        .where(DemandFollower.person_id == person_id)
        .order_by(DemandFollower.since.desc(), Demand.id.desc())
    ).all()


def stop_token(person_id: int, demand_id: int) -> str:
    """What the mail's link carries: who holds it may stop this, and nothing else."""
    return _serializer().dumps([person_id, demand_id])


def read_token(session: Session, written: str) -> tuple[User, Demand]:
    """Raises :class:`NotFound` for a token that we did not make, or of somebody or something that is gone."""
    try:
        person_id, demand_id = _serializer().loads(written)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    person, demand = session.get(User, person_id), session.get(Demand, demand_id)
    if person is None or demand is None:
        raise NotFound
    return person, demand


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key, salt="followed-demand")
