"""Writing the card "Pronto per la PA": by owners only, because each line is public as soon as it is written."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Invalid
from marketplace.evidence.card_kinds import CARD_KINDS
from marketplace.organisations.evidence_models import PublicRecord
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import require_role

#: Lines of one card; a clerk reads one page.
MAX_LINES = 60


@dataclass(frozen=True, slots=True)
class RecordValues:
    kind: str
    value: str
    issued: date | None = None
    expires: date | None = None
    link: str = ""


def add_record(
    session: Session, actor: User, organisation: Organisation, values: RecordValues, *, now: datetime
) -> PublicRecord:
    """A new line; the same line twice is one. Raises :class:`Invalid`."""
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER, active=False)
    if values.kind not in CARD_KINDS or not values.value:
        raise Invalid(field="kind" if values.value else "value")
    held = session.scalars(
        sa.select(PublicRecord).where(PublicRecord.organisation_id == organisation.id)
    ).all()
    for other in held:
        if all(getattr(other, name) == getattr(values, name) for name in RecordValues.__slots__):
            return other
    if len(held) >= MAX_LINES:
        raise Invalid(code="too_many_lines")
    record = PublicRecord(
        organisation_id=organisation.id,
        updated_at=now,
        **{name: getattr(values, name) for name in RecordValues.__slots__},
    )
    session.add(record)
    session.flush()
    audit.record(
        session, now=now, actor_id=actor.id, verb="public_record.added", subject=record, kind=values.kind
    )
    session.commit()
    return record


def remove_record(session: Session, actor: User, record: PublicRecord, *, now: datetime) -> None:
    require_role(session, actor, record.organisation_id, at_least=MemberRole.OWNER, active=False)
    audit.record(
        session, now=now, actor_id=actor.id, verb="public_record.removed", subject=record, kind=record.kind
    )
    session.delete(record)
    session.commit()
