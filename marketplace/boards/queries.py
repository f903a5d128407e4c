"""A board as everybody reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.boards.models import BoardMeeting, BoardPartner
from marketplace.organisations.models import Organisation, Status


@dataclass(frozen=True, slots=True)
class PartnerRow:
    organisation_id: int
    slug: str
    name: str
    contribution: str


def partners(session: Session, demand_id: int) -> list[PartnerRow]:
    """Who takes part, in the order in which they came: nobody is ranked."""
    rows = session.execute(
        sa.select(Organisation.id, Organisation.slug, Organisation.name, BoardPartner.contribution)
        .join(BoardPartner, BoardPartner.organisation_id == Organisation.id)
        .where(
            BoardPartner.demand_id == demand_id,
            BoardPartner.left_at.is_(None),
            Organisation.status == Status.ACTIVE,
        )
        .order_by(BoardPartner.joined_at, Organisation.id)
    )
    return [PartnerRow(*row) for row in rows]


def meetings(session: Session, demand_id: int) -> Sequence[BoardMeeting]:
    """All of them, the next or last first."""
    return session.scalars(
        sa.select(BoardMeeting)
        .where(BoardMeeting.demand_id == demand_id)
        .order_by(BoardMeeting.starts_at.desc(), BoardMeeting.id.desc())
    ).all()
