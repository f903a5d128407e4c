"""Saying a characteristic no longer, and what becomes of the offers whose words only it allows."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.catalogue.reserved_words import RESERVED
from marketplace.catalogue.unproven_offers import UnprovenOffer, set_aside, unproven_offers
from marketplace.errors import Conflict
from marketplace.evidence.claim_news import tell_of_claim
from marketplace.organisations.models import Claim
from marketplace.permissions import require_role


class WordsStay(Conflict):
    """Offers bear words of the characteristic: they are to be changed first."""

    code = "words_stay"

    def __init__(self, offers: Sequence[UnprovenOffer]):
        super().__init__(_("Some products bear its words: change them first, or make them drafts."))
        self.offers = offers


def withdraw_claim(
    session: Session, actor: User, claim: Claim, *, now: datetime, draft_offers: bool = False
) -> None:
    """Say it no longer. Its document stays until somebody removes it.

    Raises :class:`WordsStay` where published offers bear words that only this characteristic proves, unless
    ``draft_offers`` takes them back to drafts with it.
    """
    require_role(session, actor, claim.organisation_id, active=False)
    offers = offers_resting_on(session, [claim], now)
    if offers and not draft_offers:
        raise WordsStay(offers)
    set_aside(session, actor, [row.offer for row in offers], now)
    tell_of_claim(
        session, actor.id, claim, "claim.withdrawn", now, criterion=claim.criterion, proof=claim.proof
    )
    session.delete(claim)
    session.commit()


def offers_resting_on(session: Session, claims: Sequence[Claim], now: datetime) -> list[UnprovenOffer]:
    """Published offers that bear a word which stands by these claims of one organisation, and by no other."""
    ids = [claim.id for claim in claims if claim.criterion in RESERVED]
    if not ids:
        return []
    organisation_id = claims[0].organisation_id
    before = {row.offer.id for row in unproven_offers(session, now, organisation_id)}
    after = unproven_offers(session, now, organisation_id, without=ids)
    return [row for row in after if row.offer.id not in before]
