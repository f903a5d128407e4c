"""Checking a characteristic: the decision of the desk or of its delegates, kept with its history."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, engines, outbox
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.evidence import letters
from marketplace.evidence.authority import Authority, authority_over
from marketplace.evidence.substance import fingerprint
from marketplace.organisations.evidence_models import CheckVerdict, ClaimCheck
from marketplace.organisations.models import Claim
from search.criteria import Proof
from search.judging import rome_day


def claim_to_check(session: Session, person: User, claim_id: int, now: datetime) -> tuple[Claim, Authority]:
    """A claim and in whose name the person may check it. Raises :class:`NotFound`."""
    claim = session.get(Claim, claim_id)
    authority = authority_over(session, person, claim, now) if claim is not None else None
    if authority is None:
        raise NotFound
    return claim, authority


def check_claim(
    session: Session,
    actor: User,
    claim_id: int,
    verdict: CheckVerdict,
    note: str,
    *,
    seen: str,
    now: datetime,
) -> ClaimCheck:
    """Verify a characteristic, or refuse it with the reason, which its owners are told.

    ``seen`` is the fingerprint of what was looked at: raises :class:`Conflict` where it has changed since.
    """
    # read again and held until the end, so that nobody changes it between the look and the word
    session.get(Claim, claim_id, with_for_update=True, populate_existing=True)
    claim, authority = claim_to_check(session, actor, claim_id, now)
    if fingerprint(claim) != seen:
        raise Conflict(_("It was changed while you were looking: look again."), code="changed_meanwhile")
    if verdict == CheckVerdict.REJECTED and not note:
        raise Invalid(_("Say why, so that they know what to change."), field="note")
    if verdict == CheckVerdict.VERIFIED:
        if claim.proof == Proof.SIGNED and claim.document_id is None:
            raise Conflict(_("The signed declaration is missing."), code="document_missing")
        if claim.expires is not None and claim.expires < rome_day(now):
            raise Conflict(_("It has expired already."), code="expired")
    claim.verified_at = now if verdict == CheckVerdict.VERIFIED else None
    made = ClaimCheck(
        claim_id=claim.id,
        at=now,
        actor_id=actor.id,
        network_id=authority.network_id,
        verdict=verdict,
        note=note,
    )
    session.add(made)
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb=f"claim.{verdict}",
        subject=claim,
        network_id=authority.network_id,
    )
    outbox.announce_supplier(session, claim.organisation_id, now)
    if verdict == CheckVerdict.REJECTED:
        letters.claim_refused(session, claim, engines.criteria()[claim.criterion], note, now)
    session.commit()
    return made
