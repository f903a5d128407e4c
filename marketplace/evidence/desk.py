"""What waits for the desk among the characteristics: only what no network checks for it."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.admin.queues import SECTIONS, SHOWN, Line, Section
from marketplace.catalogue.unproven_descriptions import unproven_descriptions
from marketplace.catalogue.unproven_offers import unproven_offers
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


def words_section(session: Session, now: datetime) -> Section:
    """What says publicly what nothing proves (any more), producers of themselves first: to be written about, or suspended."""
    producers, rows = unproven_descriptions(session, now), unproven_offers(session, now)
    lines = [
        Line(
            row.organisation.name,
            url_for("explore.organisation", slug=row.organisation.slug),
            None,
            f"“{row.found.word}”",
        )
        for row in producers
    ]
    lines += [
        Line(
            f"{row.offer.organisation.name}: {row.offer.title}",
            url_for("explore.offer", offer_id=row.offer.id),
            None,
            f"“{row.found.word}”",
        )
        for row in rows[:SHOWN]
    ]
    return Section("words", _("Words without proof"), len(producers) + len(rows), lines[:SHOWN])


def take_part() -> None:
    """Put the sections on the desk's page."""
    for section in (claims_section, words_section):
        if section not in SECTIONS:
            SECTIONS.append(section)
