"""What the desk reads: one organisation with its whole history, lists, delegations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.names import key_of
from marketplace.accounts.models import User
from marketplace.organisations.joining_models import Decision, Delegation
from marketplace.organisations.models import Kind, Organisation, OrganisationKind, Status

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class OrganisationList:
    rows: Sequence[Organisation]
    total: int
    page: int


def find_organisation(session: Session, slug: str) -> Organisation | None:
    return session.scalar(sa.select(Organisation).where(Organisation.slug == slug))


def decisions(session: Session, organisation_id: int) -> list[tuple[Decision, User | None]]:
    """Newest first, each with who decided, where it was a person who still has an account."""
    rows = session.execute(
        sa.select(Decision, User)
        .join(User, User.id == Decision.actor_id, isouter=True)
        .where(Decision.organisation_id == organisation_id)
        .order_by(Decision.id.desc())
    )
    return [(decision, person) for decision, person in rows]


def organisations(session: Session, *, words: str, status: str, page: int) -> OrganisationList:
    """By name; ``words`` must all begin a word of the name, as written without accents. Drafts are nobody's business."""
    query = sa.select(Organisation.id, Organisation.name).where(
        sa.or_(Organisation.status != Status.APPLICANT, Organisation.submitted_at.is_not(None))
    )
    if status:
        query = query.where(Organisation.status == status)
    asked = key_of(words).split()
    names = session.execute(query.order_by(sa.func.lower(Organisation.name), Organisation.id))
    found = [id_ for id_, name in names if not asked or _begins(key_of(name), asked)]
    page = min(max(1, page), max(1, -(-len(found) // PER_PAGE)))
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = {row.id: row for row in session.scalars(sa.select(Organisation).where(Organisation.id.in_(shown)))}
    return OrganisationList([rows[id_] for id_ in shown], len(found), page)


def delegations(session: Session, now: datetime) -> list[tuple[Delegation, Organisation]]:
    """Those that hold."""
    rows = session.execute(
        sa.select(Delegation, Organisation)
        .join(Organisation, Organisation.id == Delegation.network_id)
        .where(sa.or_(Delegation.until.is_(None), Delegation.until > now))
        .order_by(Organisation.name, Delegation.criterion, Delegation.id)
    )
    return [(delegation, network) for delegation, network in rows]


def networks(session: Session) -> Sequence[Organisation]:
    """To whom checking can be delegated."""
    return session.scalars(
        sa.select(Organisation)
        .join(OrganisationKind)
        .where(OrganisationKind.kind == Kind.NETWORK, Organisation.status == Status.ACTIVE)
        .order_by(Organisation.name, Organisation.id)
    ).all()


def _begins(name: str, asked: list[str]) -> bool:
    words = name.split()
    return all(any(word.startswith(part) for word in words) for part in asked)
