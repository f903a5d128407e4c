"""What a buyer may still do once a request is published: make clear, and give more time. Nothing else moves."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.demands.access import require_buyer, state_of
from marketplace.demands.attachment_operations import attach
from marketplace.demands.models import Demand
from marketplace.demands.posting_models import Clarification
from marketplace.demands.telling import tell_of_change
from marketplace.errors import Conflict, Invalid


def clarify_demand(
    session: Session,
    actor: User,
    demand: Demand,
    *,
    text: str,
    questions_until: datetime | None,
    closes_at: datetime | None,
    file: tuple[bytes, str, str] | None = None,
    now: datetime,
) -> Clarification:
    """Add a text, later deadlines, or a file (content, name, title), while answers are taken; all concerned are told.

    ``None`` leaves a deadline as it is. Lots, criteria and what counts stay as published. Raises NotFound,
    :class:`Conflict` once closed, :class:`Invalid` for a deadline that would come earlier.
    """
    require_buyer(session, actor, demand)
    if not state_of(session, demand, now).takes_answers:
        raise Conflict(_("Once answers are closed nothing changes any more."), code="closed")
    changes: dict[str, list[str]] = {}
    for field, moment in (("closes_at", closes_at), ("questions_until", questions_until)):
        before = getattr(demand, field)
        if moment is None or moment == before:
            continue
        if before is None or moment < before:
            raise Invalid(
                _("A deadline may only be moved later: who counted on it must not lose time."),
                code="only_later",
                field=field,
            )
        setattr(demand, field, moment)
        changes[field] = [before.isoformat(), moment.isoformat()]
    if demand.questions_until is not None and demand.closes_at is not None:
        if demand.questions_until >= demand.closes_at:
            raise Invalid(
                _("Questions must end before answers do."),
                code="questions_after_answers",
                field="questions_until",
            )
    if file is not None:
        content, name, title = file
        changes["attachment"] = ["", attach(session, actor, demand, content, name, title, now=now).title]
    if not text and not changes:
        raise Invalid(_("Write what is to be made clear, or move a deadline."), code="missing", field="text")
    clarification = Clarification(demand_id=demand.id, at=now, actor_id=actor.id, text=text, changes=changes)
    session.add(clarification)
    session.flush()
    audit.record(
        session, now=now, actor_id=actor.id, verb="demand.clarified", subject=demand, changed=sorted(changes)
    )
    tell_of_change(session, demand, text, changes, now)
    session.commit()
    return clarification


def clarifications_of(session: Session, demand: Demand) -> Sequence[Clarification]:
    """What was made clear, the newest first."""
    return session.scalars(
        sa.select(Clarification)
        .where(Clarification.demand_id == demand.id)
        .order_by(Clarification.at.desc(), Clarification.id.desc())
    ).all()
