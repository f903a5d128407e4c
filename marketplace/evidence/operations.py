"""What an organisation says of itself and of its offers, with the proof that each criterion admits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.catalogue.models import Offer
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.evidence import chain, documents
from marketplace.evidence.claim_news import tell_of_claim
from marketplace.evidence.documents import Upload
from marketplace.evidence.substance import fingerprint
from marketplace.evidence.written_visits import was_written_by_a_group
from marketplace.organisations.evidence_models import Document
from marketplace.organisations.models import Claim, Organisation
from marketplace.permissions import require_role
from search.criteria import Criterion, Proof
from search.judging import rome_day

#: Characteristics that one organisation states in a day.
MAX_A_DAY = 40
#: Fields of :mod:`search.proof_fields` that have a column of their own.
_COLUMNS = frozenset({"link", "expiry"})


@dataclass(frozen=True, slots=True)
class ClaimValues:
    """What the proof carries: ``details`` by field, as text, without link and expiry.

    ``upload`` is a new document; ``document_id`` one that the organisation keeps already. For the criteria of
    the chain the places come from those declared, or from the seat where ``at_seat`` says so.
    """

    details: Mapping[str, str]
    link: str = ""
    expires: date | None = None
    upload: Upload | None = None
    document_id: int | None = None
    at_seat: bool = False


def state_claim(
    session: Session,
    actor: User,
    organisation: Organisation,
    criterion: str,
    proof: str,
    values: ClaimValues,
    *,
    offer_id: int | None = None,
    now: datetime,
) -> Claim:
    """A new characteristic, checked by nobody yet; saying the same twice says it once. Raises :class:`Invalid`."""
    require_role(session, actor, organisation.id, active=False)
    known = _admitted(criterion, proof)
    _refuse_too_many(session, actor, organisation.id, now)
    if offer_id is not None:
        _require_own(session, Offer, offer_id, organisation.id)
    claim = Claim(
        organisation_id=organisation.id, offer_id=offer_id, criterion=criterion, proof=proof, created_at=now
    )
    _write(session, actor, claim, organisation, known, values, now)
    for other in session.scalars(
        sa.select(Claim).where(
            Claim.organisation_id == organisation.id,
            Claim.criterion == criterion,
            Claim.proof == proof,
            Claim.offer_id == offer_id if offer_id is not None else Claim.offer_id.is_(None),
        )
    ):
        if fingerprint(other) == fingerprint(claim):
            return other
    session.add(claim)
    session.flush()
    tell_of_claim(session, actor.id, claim, "claim.stated", now)
    session.commit()
    return claim


def _refuse_too_many(session: Session, actor: User, organisation_id: int, now: datetime) -> None:
    """Somebody has to check them: so many a day of one organisation, and of one person, who may withdraw them again."""
    since = now - timedelta(days=1)
    stated = (
        sa.select(sa.func.count())
        .select_from(Claim)
        .where(Claim.organisation_id == organisation_id, Claim.created_at > since)
    )
    by_actor = (
        sa.select(sa.func.count())
        .select_from(AuditEvent)
        .where(AuditEvent.actor_id == actor.id, AuditEvent.verb == "claim.stated", AuditEvent.at > since)
    )
    if max(session.scalar(stated), session.scalar(by_actor)) >= MAX_A_DAY:
        raise Invalid(
            _("At most %(n)s characteristics are written in a day: go on tomorrow.", n=MAX_A_DAY),
            code="too_many",
        )


def change_claim(session: Session, actor: User, claim: Claim, values: ClaimValues, *, now: datetime) -> bool:
    """Change what the proof carries; whether its substance changed, and with it the check is gone."""
    require_role(session, actor, claim.organisation_id, active=False)
    # read again and held: a check that came in between is of what was said before
    claim = session.get(Claim, claim.id, with_for_update=True, populate_existing=True)
    if claim is None:
        raise NotFound
    if was_written_by_a_group(session, claim.id):
        raise Conflict(
            _("A group wrote this down and signs it: it can be withdrawn, not changed."),
            code="written_by_a_group",
        )
    known = _admitted(claim.criterion, claim.proof)
    before, expired = fingerprint(claim), claim.expires
    _write(session, actor, claim, session.get(Organisation, claim.organisation_id), known, values, now)
    if fingerprint(claim) == before:
        session.commit()
        return False
    claim.verified_at = None
    # it is said anew, so that a refusal of what was said before does not stick to it
    claim.created_at = now
    tell_of_claim(session, actor.id, claim, "claim.changed", now, renewed=expired != claim.expires)
    session.commit()
    return True


def needs_document(proof: str) -> bool:
    """Whether a claim with this proof cannot be stated without its document.

    A signed declaration is stated first, then printed, signed and added.
    """
    return proof == Proof.CERTIFIED


def _admitted(criterion: str, proof: str) -> Criterion:
    known = engines.criteria().get(criterion)
    if known is None or not known.admits(proof):
        raise Invalid(_("This criterion does not admit this proof."), code="proof_not_admitted")
    return known


def _write(
    session: Session,
    actor: User,
    claim: Claim,
    organisation: Organisation,
    criterion: Criterion,
    values: ClaimValues,
    now: datetime,
) -> None:
    carried = criterion.proofs[Proof(claim.proof)]
    details = {code: text for code, text in values.details.items() if code in carried}
    if criterion.code in chain.CHAIN_CRITERIA:
        places = chain.declared_places(session, organisation.id)
        if not places and values.at_seat:
            places = chain.seat_place(organisation)
        details |= chain.place_details(places)
        chain.require_chain(criterion.code, organisation, places, details, rome_day(now))
    for code in carried:
        if code not in _COLUMNS and not details.get(code):
            raise Invalid(_("This is needed with this proof."), code="proof_incomplete", field=code)
    if "link" in carried and not values.link:
        raise Invalid(_("This is needed with this proof."), code="proof_incomplete", field="link")
    if "expiry" in carried and values.expires is None:
        raise Invalid(_("This is needed with this proof."), code="proof_incomplete", field="expiry")
    if "expiry" in carried and values.expires < rome_day(now) and values.expires != claim.expires:
        raise Invalid(_("It has expired already."), code="expired", field="expiry")
    document_id = values.document_id
    if values.upload is not None:
        title = criterion.label("it")
        document_id = documents.keep(session, actor, organisation.id, values.upload, title, now).id
    elif document_id is not None:
        _require_own(session, Document, document_id, organisation.id)
    if document_id is None and needs_document(claim.proof):
        raise Invalid(_("Add the certificate."), code="proof_incomplete", field="document")
    claim.details = details
    claim.link = values.link if "link" in carried else ""
    claim.expires = values.expires if "expiry" in carried else None
    claim.document_id = document_id


def _require_own(session: Session, model: type, key: int, organisation_id: int) -> None:
    owner = session.scalar(sa.select(model.organisation_id).where(model.id == key))
    if owner != organisation_id:
        raise NotFound
