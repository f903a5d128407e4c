"""What somebody wants by mail."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.notices.mail_kinds import MAIL_KINDS, MailKind
from marketplace.notices.models import MailPreference


def wants(session: Session, person_id: int, kind: MailKind) -> bool:
    """Whether mails of this kind may be sent to this person: all that they did not switch off, or may not."""
    return person_id in wanting(session, {person_id}, kind)


def wanting(session: Session, person_ids: Collection[int], kind: MailKind) -> set[int]:
    """Those of the people to whom mails of this kind may be sent."""
    if not MAIL_KINDS[kind].optional:
        return set(person_ids)
    unwanting = session.scalars(
        sa.select(MailPreference.person_id).where(
            MailPreference.person_id.in_(person_ids),
            MailPreference.kind == kind,
            MailPreference.wanted.is_(False),
        )
    )
    return set(person_ids) - set(unwanting)


def preferences(session: Session, person_id: int) -> Mapping[MailKind, bool]:
    """What a person wants, for every kind."""
    off = set(
        session.scalars(
            sa.select(MailPreference.kind).where(
                MailPreference.person_id == person_id, MailPreference.wanted.is_(False)
            )
        )
    )
    return {kind: not (about.optional and kind in off) for kind, about in MAIL_KINDS.items()}
