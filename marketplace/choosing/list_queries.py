"""Frozen lists, for their buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.choosing.models import FrozenList
from marketplace.errors import NotFound


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A frozen list without its content; ``by`` is the name of who froze it, empty once that person is gone."""

    id: int
    at: datetime
    sha256: str
    by: str


def frozen_lists(session: Session, demand_id: int) -> Sequence[FrozenRow]:
    """The lists of a demand, the newest first. One query."""
    rows = session.execute(
        sa.select(FrozenList.id, FrozenList.at, FrozenList.sha256, User.name)
        .outerjoin(User, User.id == FrozenList.actor_id)
        .where(FrozenList.demand_id == demand_id)
        .order_by(FrozenList.at.desc(), FrozenList.id.desc())
    )
    return [FrozenRow(row.id, row.at, row.sha256, row.name or "") for row in rows]


def frozen_list(session: Session, demand_id: int, list_id: int) -> FrozenList:
    """One list of this demand. Raises :class:`NotFound`."""
    found = session.get(FrozenList, list_id)
    if found is None or found.demand_id != demand_id:
        raise NotFound
    return found


def latest_list(session: Session, demand_id: int) -> FrozenList | None:
    return session.scalar(
        sa.select(FrozenList)
        .where(FrozenList.demand_id == demand_id)
        .order_by(FrozenList.at.desc(), FrozenList.id.desc())
        .limit(1)
    )
