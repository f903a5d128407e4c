"""Setting and stopping alerts."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import NotFound
from marketplace.matches.models import DemandAlert, Frequency
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import require_role


def set_alert(
    session: Session,
    actor: User,
    organisation: Organisation,
    *,
    frequency: Frequency,
    categories: Collection[str],
    within_m: int | None,
    now: datetime,
) -> DemandAlert:
    """The actor's own alert for one of their organisations, made or changed."""
    require_role(session, actor, organisation.id, at_least=MemberRole.MEMBER)
    alert = alert_of(session, actor.id, organisation.id)
    if alert is None:
        alert = DemandAlert(person_id=actor.id, organisation_id=organisation.id, created_at=now)
        session.add(alert)
    alert.frequency = frequency
    alert.categories = sorted(categories)
    alert.within_m = within_m
    session.flush()
    audit.record(
        session, now=now, actor_id=actor.id, verb="alert.set", subject=alert, frequency=str(frequency)
    )
    session.commit()
    return alert


def alert_of(session: Session, person_id: int, organisation_id: int) -> DemandAlert | None:
    return session.scalar(
        sa.select(DemandAlert).where(
            DemandAlert.person_id == person_id, DemandAlert.organisation_id == organisation_id
        )
    )


def stop_token(alert_id: int) -> str:
    """What the mail's link carries: who holds it may stop this alert, and nothing else."""
    return _serializer().dumps(alert_id)


def alert_of_token(session: Session, token: str) -> DemandAlert:
    """Raises :class:`NotFound` for a token that we did not make, or of an alert that is gone."""
    try:
        alert_id = _serializer().loads(token)
    except BadSignature:
        raise NotFound from None
    alert = session.get(DemandAlert, alert_id)
    if alert is None:
        raise NotFound
    return alert


def stop_alert(session: Session, alert: DemandAlert, *, now: datetime) -> None:
    """Never again, until somebody sets it anew; doing it twice changes nothing."""
    if alert.frequency == Frequency.NEVER:
        return
    alert.frequency = Frequency.NEVER
    audit.record(session, now=now, actor_id=alert.person_id, verb="alert.stopped", subject=alert)
    session.commit()


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key, salt="demand-alert")
