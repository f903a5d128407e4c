"""What waits for the desk among the characteristics: only what no network checks for it."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.admin.queues import SECTIONS, SHOWN, Line, Section
from marketplace.evidence.checking_queue import WaitingClaim, waiting_claims
from marketplace.i18n import current_language


def claims_section(session: Session, now: datetime) -> Section:
    """Characteristics to be checked by the desk itself, the oldest first."""
    rows = [row for row in waiting_claims(session, now) if not row.networks]
    return Section(
        "claims", _("Characteristics to be checked"), len(rows), [_line(row) for row in rows[:SHOWN]]
    )


def _line(row: WaitingClaim) -> Line:
    criterion = engines.criteria().get(row.claim.criterion)
    label = criterion.label(current_language()) if criterion else row.claim.criterion
    return Line(
        f"{row.organisation.name}: {label}",
        url_for("evidence.check", claim_id=row.claim.id),
        row.claim.created_at,
        row.offer or "",
    )


def take_part() -> None:
    """Put the section on the desk's page."""
    if claims_section not in SECTIONS:
        SECTIONS.append(claims_section)
