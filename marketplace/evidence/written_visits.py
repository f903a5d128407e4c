"""What a group has written down of others: to read again, and to take back where it was wrong."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit, outbox
from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.errors import NotFound
from marketplace.organisations.evidence_models import CheckVerdict, ClaimCheck
from marketplace.organisations.models import Claim, MemberRole, Organisation
from marketplace.permissions import require_role
from search.criteria import Proof

#: Proofs that a group makes by writing them down.
WRITTEN = (Proof.VISITED, Proof.PEER)


def visits_of(session: Session, group_id: int) -> Sequence[tuple[Claim, ClaimCheck, Organisation]]:
    """What the group wrote down, the latest first: the characteristic, its notes, and of whom."""
    return session.execute(
        sa.select(Claim, ClaimCheck, Organisation)
        .join(ClaimCheck, ClaimCheck.claim_id == Claim.id)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .where(*_written_by(ClaimCheck.network_id == group_id))
        .order_by(ClaimCheck.at.desc(), ClaimCheck.id.desc())
    ).all()


def was_written_by_a_group(session: Session, claim_id: int) -> bool:
    """Whether a characteristic is a visit or a decision that a group wrote down: its words are the group's."""
    return session.scalar(
        sa.select(sa.exists().where(ClaimCheck.claim_id == Claim.id, *_written_by(Claim.id == claim_id)))
    )


def take_back_visit(session: Session, actor: User, claim_id: int, *, now: datetime) -> int:
    """Say it no longer, for the group that wrote it down; the group's id. Raises :class:`NotFound` for others.

    The characteristic goes; that it was there, whose it was and who took it back stays in the audit.
    """
    row = session.execute(
        sa.select(Claim, ClaimCheck)
        .join(ClaimCheck, ClaimCheck.claim_id == Claim.id)
        .where(*_written_by(Claim.id == claim_id))
    ).first()
    if row is None:
        raise NotFound
    claim, check = row
    require_role(session, actor, check.network_id, at_least=MemberRole.EDITOR)
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="claim.taken_back",
        subject=claim,
        group_id=check.network_id,
        organisation_id=claim.organisation_id,
        criterion=claim.criterion,
        proof=claim.proof,
        written_at=check.at.isoformat(),
    )
    group_id = check.network_id
    outbox.announce_supplier(session, claim.organisation_id, now)
    session.delete(claim)
    session.commit()
    return group_id


def _written_by(which: sa.ColumnElement[bool]) -> tuple[sa.ColumnElement[bool], ...]:
    """SQL: the check with which the claim came into being, by a group."""
    return (
        which,
        Claim.proof.in_(WRITTEN),
        ClaimCheck.verdict == CheckVerdict.VERIFIED,
        ClaimCheck.network_id.is_not(None),
        # a network may also have checked what the organisation said of a visit: that is not the network's to take back
        sa.exists().where(
            AuditEvent.subject == Claim.__tablename__,
            AuditEvent.subject_id == Claim.id,
            AuditEvent.verb.in_([f"claim.{proof}" for proof in WRITTEN]),
            AuditEvent.at == ClaimCheck.at,
        ),
    )
