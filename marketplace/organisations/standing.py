"""Whether an organisation stands in the house: approved, or suspended."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.errors import NotFound
from marketplace.organisations.models import Organisation, Status
from marketplace.outbox import announce_supplier


def set_standing(
    session: Session, slug: str, status: Status, *, now: datetime, actor_id: int | None = None
) -> bool:
    """Approve (``ACTIVE``) or suspend the organisation and tell the index; whether anything changed.

    For the secretariat, which the caller has made sure of. Raises :class:`NotFound`.
    """
    organisation = session.scalar(sa.select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFound
    before = organisation.status
    if before == status:
        return False
    organisation.status = status
    organisation.updated_at = now
    audit.record(
        session,
        now=now,
        actor_id=actor_id,
        verb="organisation.standing",
        subject=organisation,
        before=before,
        after=status.value,
    )
    announce_supplier(session, organisation.id, now)
    session.commit()
    return True
