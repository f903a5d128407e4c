"""Everything that is kept about a person, for that person."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.own_rows import own_rows
from marketplace.audit import AuditEvent
from marketplace.households.forgetting import own_households
from marketplace.organisations.models import Membership, Organisation


def own_data(session: Session, person: User) -> dict[str, Any]:
    """The whole export, ready for JSON: moments in UTC, ISO 8601. Secrets, such as the password's hash, stay."""
    return {
        "account": {
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "language": person.locale,
            "created_at": _moment(person.create_datetime),
            "confirmed_at": _moment(person.confirmed_at),
            "signed_in": person.login_count or 0,
            "last_sign_in": {"at": _moment(person.current_login_at), "address": person.current_login_ip},
            "sign_in_before": {"at": _moment(person.last_login_at), "address": person.last_login_ip},
            "duties": sorted(role.name for role in person.roles),
        },
        "memberships": memberships(session, person.id),
        "households": own_households(session, person.id),
        **own_rows(session, person.id),
        "actions": [
            {"at": _moment(event.at), "verb": event.verb, "subject": event.subject, "id": event.subject_id}
            for event in session.scalars(
                sa.select(AuditEvent).where(AuditEvent.actor_id == person.id).order_by(AuditEvent.id)
            )
        ],
    }


def memberships(session: Session, person_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(
            Organisation.id,
            Organisation.name,
            Organisation.slug,
            Organisation.status,
            Membership.role,
            Membership.since,
        )
        .join(Membership)
        .where(Membership.person_id == person_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [
        {
            "organisation_id": row.id,
            "name": row.name,
            "slug": row.slug,
            "status": row.status,
            "role": row.role,
            "since": _moment(row.since),
        }
        for row in rows
    ]


def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    # Flask-Security's own columns are naive and in UTC
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
