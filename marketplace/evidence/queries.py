"""What is read of evidence: which claims stand, who checked them, and what an organisation keeps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.evidence.written_visits import WRITTEN, was_written_by_a_group
from marketplace.organisations.evidence_models import (
    ClaimCheck,
    Document,
    DocumentGrant,
)
from marketplace.organisations.models import Claim, Organisation
from marketplace.organisations.standing_claims import rejected
from search.judging import rome_day


@dataclass(frozen=True, slots=True)
class Check:
    """One look at a claim: when, with what outcome, in whose name (``network`` is None for the desk)."""

    at: datetime
    verdict: str
    note: str
    network: str | None


def checks_of(session: Session, claim_ids: Iterable[int]) -> Mapping[int, list[Check]]:
    """The history of each claim, newest first."""
    found = defaultdict(list)
    rows = session.execute(
        sa.select(ClaimCheck, Organisation.name)
        .outerjoin(Organisation, Organisation.id == ClaimCheck.network_id)
        .where(ClaimCheck.claim_id.in_(list(claim_ids)))
        .order_by(ClaimCheck.at.desc(), ClaimCheck.id.desc())
    )
    for check, network in rows:
        found[check.claim_id].append(Check(check.at, check.verdict, check.note, network))
    return found


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A claim as its owners see it."""

    claim: Claim
    offer: str | None
    document: Document | None
    checks: Sequence[Check]
    expired: bool
    rejected: bool
    of_a_group: bool

    @property
    def needs_signature(self) -> bool:
        return self.claim.proof == "signed" and self.claim.document_id is None


def own_claims(session: Session, organisation_id: int, now: datetime) -> list[OwnClaim]:
    """All claims of an organisation, by criterion."""
    rows = session.execute(
        sa.select(Claim, Offer.title, Document, rejected())
        .outerjoin(Offer, Offer.id == Claim.offer_id)
        .outerjoin(Document, Document.id == Claim.document_id)
        .where(Claim.organisation_id == organisation_id)
        .order_by(Claim.criterion, Claim.id)
    ).all()
    checks = checks_of(session, [row[0].id for row in rows])
    today = rome_day(now)
    return [
        OwnClaim(
            claim,
            offer,
            document,
            checks[claim.id],
            claim.expires is not None and claim.expires < today,
            refused,
            claim.proof in WRITTEN and was_written_by_a_group(session, claim.id),
        )
        for claim, offer, document, refused in rows
    ]


def offers_to_choose(session: Session, organisation_id: int) -> Sequence[tuple[int, str]]:
    """Id and title of what a claim may be about, apart from the whole organisation."""
    return [
        tuple(row)
        for row in session.execute(
            sa.select(Offer.id, Offer.title)
            .where(Offer.organisation_id == organisation_id, Offer.status != OfferStatus.WITHDRAWN)
            .order_by(Offer.title, Offer.id)
        )
    ]


def documents_of(
    session: Session, organisation_id: int
) -> list[tuple[Document, list[tuple[int, str]], bool]]:
    """Each document with the organisations that may read it (id, name), and whether a claim rests on it."""
    documents = session.scalars(
        sa.select(Document).where(Document.organisation_id == organisation_id).order_by(Document.id)
    ).all()
    readers = defaultdict(list)
    for document_id, organisation, name in session.execute(
        sa.select(DocumentGrant.document_id, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == DocumentGrant.organisation_id)
        .where(DocumentGrant.document_id.in_([document.id for document in documents]))
        .order_by(Organisation.name)
    ):
        readers[document_id].append((organisation, name))
    used = set(session.scalars(sa.select(Claim.document_id).where(Claim.organisation_id == organisation_id)))
    return [(document, readers[document.id], document.id in used) for document in documents]
