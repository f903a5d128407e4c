"""What the desk does: deciding on organisations, and delegating what it need not check itself."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Invalid, NotFound
from marketplace.organisations import standing
from marketplace.organisations.joining_models import Decision, Delegation, Verdict
from marketplace.organisations.models import Kind, Organisation, Status
from marketplace.permissions import is_desk


def decide_organisation(
    session: Session,
    actor: User,
    organisation: Organisation,
    verdict: Verdict,
    reason: str,
    *,
    seen: str | None = None,
    now: datetime,
) -> Decision:
    """Errors as of :func:`marketplace.organisations.standing.decide`; for strangers there is nothing."""
    _require_desk(actor)
    return standing.decide(session, organisation, verdict, reason, actor_id=actor.id, seen=seen, now=now)


def grant_delegation(
    session: Session,
    actor: User,
    network_id: int,
    criterion: str,
    provinces: Collection[str],
    until: datetime | None,
    *,
    now: datetime,
) -> Delegation:
    """A member network checks claims of one criterion, in some provinces or everywhere, until a moment or an end."""
    _require_desk(actor)
    network = session.get(Organisation, network_id)
    if network is None or network.status != Status.ACTIVE or Kind.NETWORK not in network.kind_codes:
        raise NotFound
    if until is not None and until <= now:
        raise Invalid(_("This day has passed."), code="past", field="until")
    delegation = Delegation(
        network_id=network_id,
        criterion=criterion,
        provinces=sorted(set(provinces)),
        granted_by_id=actor.id,
        since=now,
        until=until,
    )
    session.add(delegation)
    session.flush()
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="delegation.granted",
        subject=delegation,
        criterion=criterion,
    )
    session.commit()
    return delegation


def end_delegation(session: Session, actor: User, delegation_id: int, *, now: datetime) -> None:
    """From now on; what was checked stays checked."""
    _require_desk(actor)
    delegation = session.scalar(sa.select(Delegation).where(Delegation.id == delegation_id))
    if delegation is None:
        raise NotFound
    if delegation.until is not None and delegation.until <= now:
        return
    delegation.until = now
    audit.record(session, now=now, actor_id=actor.id, verb="delegation.ended", subject=delegation)
    session.commit()


def _require_desk(actor: User) -> None:
    if not is_desk(actor):
        raise NotFound
