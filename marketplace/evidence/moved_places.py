"""What becomes of the characteristics of the short chain when seat or places of production change."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.errors import Invalid
from marketplace.evidence import chain
from marketplace.evidence.claim_news import tell_of_claim
from marketplace.organisations.models import Claim, Organisation
from search.judging import rome_day


def places_changed(
    session: Session, organisation: Organisation, *, actor_id: int | None, now: datetime
) -> None:
    """Bring the claims of the chain to the places now declared; those that no longer hold are withdrawn.

    Where no place is declared, only what a claim says of the seat where it is now can hold. Within the
    transaction of whoever changes seat or places, who commits.
    """
    session.flush()
    declared = chain.declared_places(session, organisation.id)
    places = declared or chain.seat_place(organisation)
    for claim in session.scalars(
        sa.select(Claim).where(
            Claim.organisation_id == organisation.id, Claim.criterion.in_(chain.CHAIN_CRITERIA)
        )
    ):
        details = {**claim.details, **chain.place_details(places)}
        if not (declared or details == claim.details) or not _holds(
            claim, organisation, places, details, now
        ):
            tell_of_claim(session, actor_id, claim, "claim.no_longer_holds", now, criterion=claim.criterion)
            session.delete(claim)
            continue
        if details != claim.details:
            claim.details, claim.verified_at, claim.created_at = details, None, now
            tell_of_claim(session, actor_id, claim, "claim.changed", now, renewed=False)


def _holds(claim: Claim, organisation: Organisation, places: list, details: Mapping, now: datetime) -> bool:
    try:
        chain.require_chain(claim.criterion, organisation, places, details, rome_day(now))
    except Invalid:
        return False
    return True
