"""Characteristics that wait for a decision: for the desk, or for whoever it delegated them to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer
from marketplace.evidence.authority import Authority, covers, current_delegations, delegations_of, own_ids
from marketplace.organisations.models import Claim, Organisation, Status
from marketplace.organisations.standing_claims import rejected
from marketplace.permissions import is_desk
from search.criteria import Proof
from search.judging import rome_day


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """``networks`` are those that may decide it, by id, with their names."""

    claim: Claim
    organisation: Organisation
    offer: str | None
    networks: dict[int, str]


@dataclass(frozen=True, slots=True)
class ClaimToCheck(WaitingClaim):
    """One that a person may decide, and in whose name."""

    authority: Authority


def claims_to_check(session: Session, person: User, now: datetime) -> list[ClaimToCheck]:
    """What the person may decide today, oldest first; for the desk, what no network decides comes first."""
    desk = is_desk(person)
    held = {} if desk else {d.network_id: d for d in delegations_of(session, person, now)}
    if not desk and not held:
        return []
    own = own_ids(session, person)
    found = []
    for row in waiting_claims(session, now):
        mine = [network for network in row.networks if network in held]
        if row.organisation.id not in own and (desk or mine):
            authority = Authority(None if desk else mine[0])
            found.append(ClaimToCheck(row.claim, row.organisation, row.offer, row.networks, authority))
    return sorted(found, key=lambda row: bool(row.networks)) if desk else found


def waiting_claims(session: Session, now: datetime) -> Iterator[WaitingClaim]:
    """All that waits in the district, oldest first.

    Plain declarations need no decision, nor does what has expired, was refused as it stands, or is not signed yet.
    """
    delegations = list(session.scalars(current_delegations(now)))
    ids = {delegation.network_id for delegation in delegations}
    names = dict(
        session.execute(sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))).all()
    )
    query = (
        sa.select(Claim, Organisation, Offer.title)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .outerjoin(Offer, Offer.id == Claim.offer_id)
        .where(
            Organisation.status == Status.ACTIVE,
            Claim.verified_at.is_(None),
            Claim.proof != Proof.DECLARED,
            sa.or_(Claim.proof != Proof.SIGNED, Claim.document_id.is_not(None)),
            sa.or_(Claim.expires.is_(None), Claim.expires >= rome_day(now)),
            ~rejected(),
        )
        .order_by(Claim.created_at, Claim.id)
    )
    for claim, organisation, offer in session.execute(query):
        networks = {
            delegation.network_id: names[delegation.network_id]
            for delegation in delegations
            if delegation.network_id != organisation.id
            and covers(delegation, claim.criterion, organisation.province)
        }
        yield WaitingClaim(claim, organisation, offer, networks)
