"""Files beside a demand or its draft."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, uploads
from marketplace.accounts.models import User
from marketplace.demands.models import Demand
from marketplace.demands.posting_models import DemandAttachment, DemandDraft
from marketplace.errors import Invalid, NotFound
from marketplace.form_text import one_line
from marketplace.upload_content import ATTACHMENTS, Refused, media_type

MAX_ATTACHMENTS = 20


def attachments_of(session: Session, home: Demand | DemandDraft) -> Sequence[DemandAttachment]:
    """The files of a demand or of a draft, in the order in which they came."""
    return session.scalars(sa.select(DemandAttachment).where(_at(home)).order_by(DemandAttachment.id)).all()


def attach(
    session: Session,
    actor: User,
    home: Demand | DemandDraft,
    content: bytes,
    name: str,
    title: str,
    *,
    now: datetime,
) -> DemandAttachment:
    """Put a file beside a demand or draft, in the running transaction; the caller has authorised the actor.

    Raises :class:`Invalid` for what may not be attached, and where there are many already.
    """
    try:
        kind = media_type(content, allowed=ATTACHMENTS)
    except Refused as refused:
        raise Invalid(str(refused), code=f"document_{refused.fault}", field="document") from None
    if session.scalar(sa.select(sa.func.count(DemandAttachment.id)).where(_at(home))) >= MAX_ATTACHMENTS:
        raise Invalid(
            _("At most %(n)s files beside one request.", n=MAX_ATTACHMENTS), code="too_many", field="document"
        )
    name = one_line(name)[:160]
    attachment = DemandAttachment(
        demand_id=home.id if isinstance(home, Demand) else None,
        draft_id=home.id if isinstance(home, DemandDraft) else None,
        title=one_line(title)[:160] or name,
        file_name=name,
        media_type=kind,
        size=len(content),
        stored_as=uploads.save(content),
        uploaded_by_id=actor.id,
        uploaded_at=now,
    )
    session.add(attachment)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="demand_attachment.added", subject=attachment)
    return attachment


def attachment_of(session: Session, home: Demand | DemandDraft, attachment_id: int) -> DemandAttachment:
    """One of its files. Raises :class:`NotFound`."""
    found = session.scalar(sa.select(DemandAttachment).where(DemandAttachment.id == attachment_id, _at(home)))
    if found is None:
        raise NotFound
    return found


def drop_from_draft(
    session: Session, actor: User, draft: DemandDraft, attachment_id: int, *, now: datetime
) -> None:
    """Take a file off a draft, in the running transaction. What was published stays: others have read it."""
    attachment = attachment_of(session, draft, attachment_id)
    audit.record(session, now=now, actor_id=actor.id, verb="demand_attachment.removed", subject=attachment)
    session.delete(attachment)
    session.flush()


def _at(home: Demand | DemandDraft):
    column = DemandAttachment.demand_id if isinstance(home, Demand) else DemandAttachment.draft_id
    return column == home.id
