"""Published demands, for lists and pages."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.choosing.models import Outcome
from marketplace.demands.access import demand_page, is_buyer, readable_demand
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.posting_models import Prompt
from marketplace.demands.types import RANKED_TYPES
from marketplace.organisations.models import Organisation, Status

__all__ = [
    "demand_page",
    "is_buyer",
    "newest_public_demands",
    "open_demands",
    "open_ids",
    "open_ranked_demands",
    "prompts_of",
    "public_demand",
    "public_ids",
    "readable_demand",
]


def _ended(now: datetime):
    """Its buyer has recorded how it ended."""
    return sa.exists().where(Outcome.demand_id == Demand.id, Outcome.recorded_at <= now)


def _public(now: datetime):
    """Published, not withdrawn, and of nobody who was suspended."""
    return sa.and_(
        Demand.published_at <= now,
        sa.or_(Demand.withdrawn_at.is_(None), Demand.withdrawn_at > now),
        sa.or_(Demand.organisation_id.is_(None), Organisation.status == Status.ACTIVE),
    )


def _open(now: datetime):
    """The states that take answers, of :mod:`marketplace.demands.lifecycle`, for many demands at once."""
    return sa.and_(
        _public(now), sa.or_(Demand.closes_at.is_(None), Demand.closes_at > now), sa.not_(_ended(now))
    )


def public_demand(session: Session, demand_id: int, now: datetime) -> Demand | None:
    """A demand that anybody may read, with its lots and its organisation."""
    return session.scalar(
        sa.select(Demand)
        .outerjoin(Demand.organisation)
        .where(Demand.id == demand_id, _public(now))
        .options(joinedload(Demand.organisation))
    )


def open_demands(
    session: Session, now: datetime, *, limit: int, offset: int = 0
) -> tuple[Sequence[Demand], int]:
    """Demands that still take answers, the next deadline first, those without one last; and how many there are."""
    still_open = _open(now)
    total = session.scalar(
        sa.select(sa.func.count(Demand.id)).outerjoin(Demand.organisation).where(still_open)
    )
    rows = session.scalars(
        sa.select(Demand)
        .outerjoin(Demand.organisation)
        .where(still_open)
        .options(joinedload(Demand.organisation))
        .order_by(Demand.closes_at.is_(None), Demand.closes_at, Demand.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return rows, total


def newest_public_demands(session: Session, now: datetime, *, limit: int) -> Sequence[Demand]:
    """Public demands in any state, with their organisations, the last published first."""
    return session.scalars(
        sa.select(Demand)
        .outerjoin(Demand.organisation)
        .where(_public(now))
        .options(joinedload(Demand.organisation))
        .order_by(Demand.published_at.desc(), Demand.id.desc())
        .limit(limit)
    ).all()


def public_ids(now: datetime):
    """The ids of all public demands, as a selection for further questions."""
    return sa.select(Demand.id).outerjoin(Demand.organisation).where(_public(now))


def open_ids(now: datetime):
    """The ids of the demands that still take answers, as a selection for further questions."""
    return sa.select(Demand.id).outerjoin(Demand.organisation).where(_open(now))


def open_ranked_demands(session: Session, now: datetime, *, limit: int) -> Sequence[Demand]:
    """Open demands whose types rank suppliers, with their organisations, the next deadline first."""
    return session.scalars(
        sa.select(Demand)
        .outerjoin(Demand.organisation)
        .where(
            _open(now),
            Demand.type.in_(RANKED_TYPES),
        )
        .options(joinedload(Demand.organisation))
        .order_by(Demand.closes_at.is_(None), Demand.closes_at, Demand.id)
        .limit(limit)
    ).all()


def prompts_of(session: Session, demand: Demand) -> Sequence[Prompt]:
    """What a consultation asks everybody, in its order; other types ask nothing of the kind."""
    if demand.type != DemandType.MARKET_CONSULTATION:
        return ()
    return session.scalars(
        sa.select(Prompt).where(Prompt.demand_id == demand.id).order_by(Prompt.position)
    ).all()
