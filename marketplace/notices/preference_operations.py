"""Changing what somebody wants by mail."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.notices.mail_kinds import MAIL_KINDS, MailKind
from marketplace.notices.models import MailPreference


def set_preferences(session: Session, actor: User, wanted: Collection[str], *, now: datetime) -> None:
    """The optional kinds that the actor wants; all the others of them are switched off."""
    for kind, about in MAIL_KINDS.items():
        if about.optional:
            _set(session, actor, kind, kind in wanted, now)
    audit.record(session, now=now, actor_id=actor.id, verb="mail_preferences.set", subject=actor)
    session.commit()


def stop_kind(session: Session, person: User, kind: MailKind, *, now: datetime) -> bool:
    """No more mails of this kind; doing it twice changes nothing. Whether the kind is one that can be stopped."""
    if not MAIL_KINDS[kind].optional:
        return False
    if _set(session, person, kind, False, now):
        audit.record(
            session, now=now, actor_id=person.id, verb="mail_kind.stopped", subject=person, kind=str(kind)
        )
    session.commit()
    return True


def _set(session: Session, person: User, kind: MailKind, wanted: bool, now: datetime) -> bool:
    """Whether that changed anything."""
    row = session.get(MailPreference, (person.id, str(kind)))
    if row is None:
        if wanted:
            return False
        session.add(MailPreference(person_id=person.id, kind=str(kind), wanted=False, at=now))
        return True
    if row.wanted == wanted:
        return False
    row.wanted, row.at = wanted, now
    return True
