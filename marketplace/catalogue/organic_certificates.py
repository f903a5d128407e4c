"""Who may bear the words of certified products: an unexpired organic certificate, of the whole or of one offer."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.organisations.models import Claim
from marketplace.organisations.standing_claims import rejected
from search.judging import rome_day


def is_certified(session: Session, organisation_id: int, now: datetime) -> bool:
    """Whether everything of the organisation is covered; whoever checks the certificate, checks it later."""
    return session.scalar(
        sa.select(sa.exists().where(*_valid(organisation_id, now), Claim.offer_id.is_(None)))
    )


def certified_offers(session: Session, organisation_id: int, now: datetime) -> frozenset[int]:
    """The offers with a certificate of their own."""
    ids = session.scalars(
        sa.select(Claim.offer_id).where(*_valid(organisation_id, now), Claim.offer_id.is_not(None))
    )
    return frozenset(ids)


def _valid(organisation_id: int, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Claim.organisation_id == organisation_id,
        Claim.criterion == "organic",
        Claim.proof == "certified",
        sa.or_(Claim.expires.is_(None), Claim.expires >= rome_day(now)),
        ~rejected(),
    )
