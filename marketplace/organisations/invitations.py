"""Colleagues asked by mail: a link that expires and serves once, of which only a hash is kept."""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, NotFound
from marketplace.organisations import letters
from marketplace.organisations.joining_models import Invitation
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from marketplace.permissions import require_role

INVITATION_LIFE = timedelta(days=7)
#: Invitations of one organisation that wait at a time: mail is not for sending to strangers.
MAX_WAITING = 30


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def invite_colleague(
    session: Session,
    actor: User,
    organisation: Organisation,
    email: str,
    role: MemberRole,
    *,
    token: str,
    now: datetime,
) -> Invitation:
    """Write to ``email``; an older invitation of the same address ends. ``token`` is at least 32 random bytes.

    Raises :class:`Conflict` for who belongs to it already.
    """
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER, active=False)
    _require_not_closed(organisation)
    email = email.strip()
    member = sa.exists().where(
        Membership.organisation_id == organisation.id,
        Membership.person_id == User.id,
        sa.func.lower(User.email) == email.lower(),
    )
    if session.scalar(sa.select(member)):
        raise Conflict(_("This person belongs to it already."), code="already_a_member")
    waiting = list(session.scalars(_waiting(now).where(Invitation.organisation_id == organisation.id)))
    if len(waiting) >= MAX_WAITING:
        raise Conflict(_("Too many invitations are waiting: withdraw some."), code="too_many")
    for older in waiting:
        if older.email.lower() == email.lower():
            older.withdrawn_at = now
    invitation = Invitation(
        organisation_id=organisation.id,
        email=email,
        role=role,
        token_hash=hash_of(token),
        invited_by_id=actor.id,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    session.add(invitation)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="invitation.sent", subject=invitation, role=role)
    letters.invite(session, organisation, invitation, token, actor.name)
    session.commit()
    return invitation


def withdraw_invitation(session: Session, actor: User, invitation: Invitation, *, now: datetime) -> None:
    require_role(session, actor, invitation.organisation_id, at_least=MemberRole.OWNER, active=False)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        return
    invitation.withdrawn_at = now
    audit.record(session, now=now, actor_id=actor.id, verb="invitation.withdrawn", subject=invitation)
    session.commit()


def invitation_of(session: Session, token: str, now: datetime, *, lock: bool = False) -> Invitation:
    """The invitation that a link opens. Raises :class:`NotFound` where it is used, withdrawn, too old, or none."""
    query = _waiting(now).where(Invitation.token_hash == hash_of(token))
    found = session.scalar(_held(query) if lock else query)
    if found is None:
        raise NotFound
    return found


def invitations_to(session: Session, person: User, now: datetime) -> list[tuple[Invitation, Organisation]]:
    """Those that wait for the address of the account, which its owner has confirmed."""
    if person.confirmed_at is None:
        return []
    rows = session.execute(
        sa.select(Invitation, Organisation)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(*_open(now), sa.func.lower(Invitation.email) == person.email.lower())
        .order_by(Invitation.id)
    )
    return [(invitation, organisation) for invitation, organisation in rows]


def accept_by_link(session: Session, actor: User, token: str, *, now: datetime) -> Organisation:
    """Whoever opened the mail may accept with any account of theirs."""
    return _accept(session, actor, invitation_of(session, token, now, lock=True), now)


def accept_by_address(session: Session, actor: User, invitation_id: int, *, now: datetime) -> Organisation:
    """Without the link, with the account of the invited address. Raises :class:`NotFound` for any other."""
    query = _waiting(now).where(
        Invitation.id == invitation_id, sa.func.lower(Invitation.email) == actor.email.lower()
    )
    invitation = session.scalar(_held(query))
    if invitation is None or actor.confirmed_at is None:
        raise NotFound
    return _accept(session, actor, invitation, now)


def _accept(session: Session, actor: User, invitation: Invitation, now: datetime) -> Organisation:
    organisation = session.get_one(Organisation, invitation.organisation_id)
    _require_not_closed(organisation)
    invitation.accepted_at = now
    if session.get(Membership, (actor.id, organisation.id)) is None:
        session.add(
            Membership(person_id=actor.id, organisation_id=organisation.id, role=invitation.role, since=now)
        )
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="invitation.accepted",
        subject=invitation,
        role=invitation.role,
    )
    session.commit()
    return organisation


def _open(now: datetime) -> tuple:
    return (
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )


def _waiting(now: datetime) -> sa.Select:
    return sa.select(Invitation).where(*_open(now))


def _held(query: sa.Select) -> sa.Select:
    """Kept until the transaction ends, so that of two uses at once one succeeds."""
    return query.with_for_update()


def _require_not_closed(organisation: Organisation) -> None:
    if organisation.status in (Status.SUSPENDED, Status.REFUSED):
        raise Conflict(
            _("This is possible once the district has approved the organisation."),
            code="organisation_closed",
        )
