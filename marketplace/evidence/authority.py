"""Who may check a characteristic: the district's desk, or a network to which the desk delegated its criterion and area.

Nobody checks what their own organisation says of itself. A network checks active organisations only: what others
write is not public, nor is that they are here.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.organisations.completeness import is_draft
from marketplace.organisations.joining_models import Delegation
from marketplace.organisations.models import Claim, MemberRole, Membership, Organisation, Status
from marketplace.permissions import is_desk


@dataclass(frozen=True, slots=True)
class Authority:
    """In whose name somebody checks: a network's, or the desk's where ``network_id`` is None."""

    network_id: int | None


def authority_over(session: Session, person: User, claim: Claim, now: datetime) -> Authority | None:
    """In whose name the person may check the claim; None where they may not."""
    if not person.is_authenticated or claim.organisation_id in own_ids(session, person):
        return None
    organisation = session.get(Organisation, claim.organisation_id)
    if is_desk(person):
        # what has not been handed in is nobody's business
        return None if is_draft(organisation) else Authority(None)
    if organisation.status != Status.ACTIVE:
        return None
    for delegation in delegations_of(session, person, now):
        if delegation.network_id != organisation.id and covers(
            delegation, claim.criterion, organisation.province
        ):
            return Authority(delegation.network_id)
    return None


def covers(delegation: Delegation, criterion: str, province: str | None) -> bool:
    return delegation.criterion == criterion and (
        not delegation.provinces or province in delegation.provinces
    )


def current_delegations(now: datetime) -> sa.Select:
    """Delegations in force at the moment, to networks that stand in the house."""
    return (
        sa.select(Delegation)
        .join(Organisation, Organisation.id == Delegation.network_id)
        .where(
            Organisation.status == Status.ACTIVE,
            Delegation.since <= now,
            sa.or_(Delegation.until.is_(None), Delegation.until > now),
        )
        .order_by(Delegation.id)
    )


def delegations_of(session: Session, person: User, now: datetime) -> list[Delegation]:
    """Those that the person exercises: as an editor or owner of the network."""
    return list(
        session.scalars(
            current_delegations(now)
            .join(Membership, Membership.organisation_id == Delegation.network_id)
            .where(
                Membership.person_id == person.id,
                Membership.role.in_([MemberRole.EDITOR, MemberRole.OWNER]),
            )
        )
    )


def own_ids(session: Session, person: User) -> frozenset[int]:
    """The organisations that the person belongs to, in whatever role."""
    return frozenset(
        session.scalars(sa.select(Membership.organisation_id).where(Membership.person_id == person.id))
    )
