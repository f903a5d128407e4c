"""Which claims stand: not those that somebody looked at, as they are, and refused."""

import sqlalchemy as sa

from marketplace.organisations.evidence_models import CheckVerdict, ClaimCheck
from marketplace.organisations.models import Claim


def rejected() -> sa.ColumnElement[bool]:
    """SQL: somebody looked at the claim as it stands, and refused it. It is not shown and counts for nothing."""
    return sa.and_(
        Claim.verified_at.is_(None),
        sa.exists()
        .where(
            ClaimCheck.claim_id == Claim.id,
            ClaimCheck.verdict == CheckVerdict.REJECTED,
            ClaimCheck.at >= Claim.created_at,
        )
        .correlate(Claim),
    )
