"""A change of a characteristic, told to the audit and to the index: within the transaction of whoever changes it."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit, outbox
from marketplace.organisations.models import Claim


def tell_of_claim(
    session: Session, actor_id: int | None, claim: Claim, verb: str, now: datetime, **details
) -> None:
    audit.record(session, now=now, actor_id=actor_id, verb=verb, subject=claim, **details)
    outbox.announce_supplier(session, claim.organisation_id, now)
