"""Warning owners 60, 30 and 7 days before their evidence expires; each warning goes out once, kept with its mail.

That expired evidence stops counting needs none of this: whoever matches compares the day.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from marketplace import engines
from marketplace.due_work import do_what_is_due
from marketplace.evidence import letters
from marketplace.evidence.expiry import WARNINGS, due_notice
from marketplace.evidence.withdrawing import offers_resting_on
from marketplace.organisations.evidence_models import ExpiryNotice
from marketplace.organisations.models import Claim, Organisation, Status
from search.judging import rome_day

#: Offers that a mail names.
NAMED = 20


def warn_of_expiry(session: Session, now: datetime) -> int:
    """Write the warnings that are due on the day of ``now`` in Europe/Rome; how many claims they tell of."""
    warned = do_what_is_due(session, lambda: _due(session, now), lambda due: _warn(session, due, now))
    return len(warned or ())


def _warn(session: Session, due: Sequence[tuple[Claim, int]], now: datetime) -> None:
    by_organisation = defaultdict(list)
    for claim, days in due:
        session.add(ExpiryNotice(claim_id=claim.id, expires=claim.expires, days_before=days, sent_at=now))
        by_organisation[claim.organisation_id].append((claim, engines.criteria()[claim.criterion]))
    for organisation_id, claims in by_organisation.items():
        organisation = session.get(Organisation, organisation_id)
        letters.about_to_expire(session, organisation, claims, _titles(session, claims, now), now)


def _titles(session: Session, claims: Sequence[tuple[Claim, object]], now: datetime) -> list[str]:
    """Offers with words that stand by these claims alone."""
    rows = offers_resting_on(session, [claim for claim, _criterion in claims], now)
    return [row.offer.title for row in rows[:NAMED]]


def _due(session: Session, now: datetime) -> list[tuple[Claim, int]]:
    today = rome_day(now)
    newer = aliased(Claim)
    renewed = (
        sa.exists()
        .where(
            newer.organisation_id == Claim.organisation_id,
            newer.criterion == Claim.criterion,
            newer.proof == Claim.proof,
            newer.offer_id.is_not_distinct_from(Claim.offer_id),
            newer.expires > Claim.expires,
        )
        .correlate(Claim)
    )
    claims = session.scalars(
        sa.select(Claim)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .where(
            Organisation.status == Status.ACTIVE,
            Claim.expires >= today,
            Claim.expires <= today + timedelta(days=max(WARNINGS)),
            ~renewed,
        )
        .order_by(Claim.organisation_id, Claim.expires, Claim.id)
    ).all()
    sent = defaultdict(set)
    for notice in session.scalars(
        sa.select(ExpiryNotice).where(ExpiryNotice.claim_id.in_([claim.id for claim in claims]))
    ):
        sent[notice.claim_id, notice.expires].add(notice.days_before)
    found = []
    for claim in claims:
        days = due_notice(claim.expires, today, sent[claim.id, claim.expires])
        if days is not None and claim.criterion in engines.criteria():
            found.append((claim, days))
    return found
