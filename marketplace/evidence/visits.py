"""What others write down of an organisation: a purchasing group its visit, a participatory guarantee its decision.

It becomes a characteristic of the organisation visited, verified by the group that signs it, with the notes kept
in the history of its checks. PRACTICE, criterion 2: a visit by a GAS; an SPG decides after the visit of producer,
technician and consumer.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, engines, outbox
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.evidence.authority import covers, current_delegations, own_ids
from marketplace.organisations.evidence_models import CheckVerdict, ClaimCheck
from marketplace.organisations.joining_models import Delegation
from marketplace.organisations.models import Claim, Kind, Organisation, Status
from marketplace.organisations.queries import active_organisations_of_editor
from search.criteria import Criterion, Proof
from search.judging import rome_day

#: Who may sign which proof by a visit of its own.
_SIGNERS = {
    Proof.VISITED: frozenset({Kind.BUYING_GROUP, Kind.CONSUMER_COOP}),
    Proof.PEER: frozenset({Kind.NETWORK}),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """``expires`` is for decisions of a participatory guarantee, which hold until a day."""

    criterion: str
    day: date
    notes: str
    expires: date | None = None


def criteria_admitting(proof: Proof) -> list[Criterion]:
    return [criterion for criterion in engines.criteria() if criterion.admits(proof)]


def signing_groups(
    session: Session, person: User, visited: Organisation, now: datetime
) -> list[tuple[Organisation, Proof]]:
    """The groups in whose name the person may write down a visit to the organisation, with the proof it makes.

    Their editors and owners only, and nobody who belongs to the organisation visited. A network signs where
    the district delegated to it the criterion and the area.
    """
    if visited.status != Status.ACTIVE or visited.id in own_ids(session, person):
        return []
    found = []
    for group in active_organisations_of_editor(session, person.id):
        if group.kind_codes & _SIGNERS[Proof.VISITED]:
            found.append((group, Proof.VISITED))
        if group.kind_codes & _SIGNERS[Proof.PEER] and _delegated(session, group, None, visited, now):
            found.append((group, Proof.PEER))
    return found


def record_visit(
    session: Session,
    actor: User,
    visited: Organisation,
    group_id: int,
    proof: Proof,
    visit: Visit,
    *,
    now: datetime,
) -> Claim:
    """Write down a visit; writing down the same again changes nothing. Raises :class:`NotFound` for others."""
    group = next(
        (
            group
            for group, made in signing_groups(session, actor, visited, now)
            if group.id == group_id and made == proof
        ),
        None,
    )
    if group is None:
        raise NotFound
    criterion = engines.criteria().get(visit.criterion)
    if criterion is None or not criterion.admits(proof):
        raise Invalid(_("This criterion does not admit this proof."), field="criterion")
    if proof == Proof.PEER and not _delegated(session, group, criterion.code, visited, now):
        raise Conflict(_("The district has not delegated this to your network."), code="not_delegated")
    today = rome_day(now)
    if visit.day > today:
        raise Invalid(_("This day is still to come."), field="day")
    if not visit.notes:
        raise Invalid(_("Write what you saw and asked."), field="notes")
    if "expiry" in criterion.proofs[proof] and (visit.expires is None or visit.expires < today):
        raise Invalid(_("Write until when the decision holds."), field="expires")
    signer = "visitor" if proof == Proof.VISITED else "spg"
    details = {signer: group.name, "date": visit.day.isoformat()}
    expires = visit.expires if "expiry" in criterion.proofs[proof] else None
    for other in session.scalars(
        sa.select(Claim).where(
            Claim.organisation_id == visited.id, Claim.criterion == criterion.code, Claim.proof == proof
        )
    ):
        if other.details == details and other.expires == expires and other.verified_at is not None:
            return other
    claim = Claim(
        organisation_id=visited.id,
        criterion=criterion.code,
        proof=proof,
        details=details,
        expires=expires,
        verified_at=now,
        created_at=now,
    )
    session.add(claim)
    session.flush()
    session.add(
        ClaimCheck(
            claim_id=claim.id,
            at=now,
            actor_id=actor.id,
            network_id=group.id,
            verdict=CheckVerdict.VERIFIED,
            note=visit.notes,
        )
    )
    audit.record(session, now=now, actor_id=actor.id, verb=f"claim.{proof}", subject=claim, group_id=group.id)
    outbox.announce_supplier(session, visited.id, now)
    session.commit()
    return claim


def _delegated(
    session: Session, network: Organisation, criterion: str | None, visited: Organisation, now: datetime
) -> bool:
    """Whether the network has a delegation for the criterion, or for any that a guarantee proves."""
    codes = [criterion] if criterion else [known.code for known in criteria_admitting(Proof.PEER)]
    held = session.scalars(current_delegations(now).where(Delegation.network_id == network.id)).all()
    return any(covers(delegation, code, visited.province) for delegation in held for code in codes)
