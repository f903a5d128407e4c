"""Who belongs to an organisation: roles changed, people removed, leaving. One owner always stays."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, NotFound
from marketplace.organisations.joining_models import Invitation
from marketplace.organisations.models import MemberRole, Membership, Organisation
from marketplace.permissions import require_role


def change_role(
    session: Session,
    actor: User,
    organisation: Organisation,
    person_id: int,
    role: MemberRole,
    *,
    now: datetime,
) -> None:
    """By an owner. Raises :class:`Conflict` where it would leave no owner, :class:`NotFound` for who is no member."""
    _hold(session, organisation)
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER, active=False)
    membership = _membership(session, organisation, person_id)
    if membership.role == role:
        return
    if membership.role == MemberRole.OWNER:
        _keep_an_owner(session, organisation, person_id)
        _withdraw_invitations_of(session, organisation, person_id, now)
    before, membership.role = membership.role, role
    _record(
        session, actor, organisation, "member.role_changed", now, person=person_id, before=before, after=role
    )
    session.commit()


def remove_member(
    session: Session, actor: User, organisation: Organisation, person_id: int, *, now: datetime
) -> None:
    """By an owner; whoever goes themselves, leaves."""
    _hold(session, organisation)
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER, active=False)
    _end(session, organisation, person_id, now)
    _record(session, actor, organisation, "member.removed", now, person=person_id)
    session.commit()


def leave(session: Session, actor: User, organisation: Organisation, *, now: datetime) -> None:
    """By anybody of it but its last owner."""
    _hold(session, organisation)
    _end(session, organisation, actor.id, now)
    _record(session, actor, organisation, "member.left", now)
    session.commit()


def _end(session: Session, organisation: Organisation, person_id: int, now: datetime) -> None:
    membership = _membership(session, organisation, person_id)
    if membership.role == MemberRole.OWNER:
        _keep_an_owner(session, organisation, person_id)
        _withdraw_invitations_of(session, organisation, person_id, now)
    session.delete(membership)


def _withdraw_invitations_of(
    session: Session, organisation: Organisation, person_id: int, now: datetime
) -> None:
    """Who is an owner no longer lets nobody in any more, by no mail that is still under way."""
    session.execute(
        sa.update(Invitation)
        .where(
            Invitation.organisation_id == organisation.id,
            Invitation.invited_by_id == person_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )


def _hold(session: Session, organisation: Organisation) -> None:
    """One at a time: two owners who leave at once would each still see the other."""
    session.execute(sa.select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())


def _membership(session: Session, organisation: Organisation, person_id: int) -> Membership:
    # read again: what was read before the organisation was held may be old
    membership = session.get(Membership, (person_id, organisation.id), populate_existing=True)
    if membership is None:
        raise NotFound
    return membership


def _keep_an_owner(session: Session, organisation: Organisation, person_id: int) -> None:
    other = sa.exists().where(
        Membership.organisation_id == organisation.id,
        Membership.role == MemberRole.OWNER,
        Membership.person_id != person_id,
    )
    if not session.scalar(sa.select(other)):
        raise Conflict(
            _(
                "This is the only owner: name another one first, or have the organisation closed by the district."
            ),
            code="last_owner",
        )


def _record(
    session: Session, actor: User, organisation: Organisation, verb: str, now: datetime, **details
) -> None:
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=organisation, **details)
