"""Warning owners 60, 30 and 7 days before a line of the card "Pronto per la PA" expires, as for characteristics.

That it went out is an audit event, written with the mail in one transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from marketplace import audit
from marketplace.audit import AuditEvent
from marketplace.due_work import do_what_is_due
from marketplace.evidence import letters
from marketplace.evidence.expiry import WARNINGS, due_notice
from marketplace.organisations.evidence_models import PublicRecord
from marketplace.organisations.models import Organisation, Status
from search.judging import rome_day

VERB = "public_record.warned"


def warn_of_card_expiry(session: Session, now: datetime) -> int:
    """Write the warnings that are due on the day of ``now`` in Europe/Rome; how many lines they tell of."""
    warned = do_what_is_due(session, lambda: _due(session, now), lambda due: _warn(session, due, now))
    return len(warned or ())


def _warn(session: Session, due: Sequence[tuple[PublicRecord, int]], now: datetime) -> None:
    by_organisation = defaultdict(list)
    for record, days in due:
        details = {"expires": record.expires.isoformat(), "days_before": days}
        audit.record(session, now=now, actor_id=None, verb=VERB, subject=record, **details)
        by_organisation[record.organisation_id].append(record)
    for organisation_id, records in by_organisation.items():
        letters.card_about_to_expire(session, session.get(Organisation, organisation_id), records, now)


def _due(session: Session, now: datetime) -> list[tuple[PublicRecord, int]]:
    today = rome_day(now)
    newer = aliased(PublicRecord)
    renewed = (
        sa.exists()
        .where(
            newer.organisation_id == PublicRecord.organisation_id,
            newer.kind == PublicRecord.kind,
            newer.expires > PublicRecord.expires,
        )
        .correlate(PublicRecord)
    )
    records = session.scalars(
        sa.select(PublicRecord)
        .join(Organisation, Organisation.id == PublicRecord.organisation_id)
        .where(
            Organisation.status == Status.ACTIVE,
            PublicRecord.expires >= today,
            PublicRecord.expires <= today + timedelta(days=max(WARNINGS)),
            ~renewed,
        )
        .order_by(PublicRecord.organisation_id, PublicRecord.expires, PublicRecord.id)
    ).all()
    sent = defaultdict(set)
    for id_, details in session.execute(
        sa.select(AuditEvent.subject_id, AuditEvent.details).where(
            AuditEvent.verb == VERB,
            AuditEvent.subject == PublicRecord.__tablename__,
            AuditEvent.subject_id.in_([record.id for record in records]),
        )
    ):
        sent[id_, details["expires"]].add(details["days_before"])
    found = []
    for record in records:
        days = due_notice(record.expires, today, sent[record.id, record.expires.isoformat()])
        if days is not None:
            found.append((record, days))
    return found
