"""Applying to join: begun, left and resumed, handed in, taken back, given up."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, engines
from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.charter import Charter
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations import letters
from marketplace.organisations.completeness import is_draft, is_waiting, lacking, only_concerns_its_owner
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from marketplace.organisations.profile_operations import Identity, require_editable, write_identity
from marketplace.organisations.queries import duplicates_of
from marketplace.organisations.slugs import free_slug
from marketplace.permissions import require_role

#: Drafts that one person may have open at a time.
MAX_DRAFTS = 5
#: Mails to the desk that one person's applications make in a day.
DESK_MAILS_A_DAY = 3
APPLIED = "organisation.applied"
#: The same person asks for the same organisation once in this time.
CLAIM_PAUSE = timedelta(days=1)


def start_application(session: Session, actor: User, identity: Identity, *, now: datetime) -> Organisation:
    """A draft, seen by nobody but its owner, the applicant."""
    drafts = session.scalar(
        sa.select(sa.func.count())
        .select_from(Organisation)
        .join(Organisation.memberships)
        .where(
            Membership.person_id == actor.id,
            Organisation.status == Status.APPLICANT,
            Organisation.submitted_at.is_(None),
        )
    )
    if drafts >= MAX_DRAFTS:
        raise Conflict(_("You have %(n)s drafts already: finish or discard one.", n=drafts), code="too_many")
    organisation = Organisation(
        slug=free_slug(session, identity.name),
        status=Status.APPLICANT,
        created_at=now,
        updated_at=now,
        memberships=[Membership(person_id=actor.id, role=MemberRole.OWNER, since=now)],
    )
    write_identity(organisation, identity)
    session.add(organisation)
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="organisation.begun", subject=organisation)
    session.commit()
    return organisation


def submit_application(
    session: Session, actor: User, organisation: Organisation, charter: Charter | None, *, now: datetime
) -> None:
    """Hand a draft in for the district to decide. ``charter`` is the text that the applicant has accepted.

    Raises :class:`Invalid` where a step is not filled in, or where it looks like an organisation that is
    here already and nobody has said why it is another.
    """
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER, active=False)
    if not is_draft(organisation):
        raise Conflict(code="not_a_draft")
    if lacking(organisation, engines.legal_forms()):
        raise Invalid(_("Some steps are not filled in yet."), code="incomplete")
    if duplicates_of(session, organisation) and not organisation.not_a_duplicate_because:
        raise Invalid(
            _("An organisation like this is already here: ask to join it, or say why this is another."),
            code="may_be_a_duplicate",
        )
    _accept(organisation, charter, now)
    organisation.submitted_at = organisation.updated_at = now
    written = session.scalar(
        sa.select(sa.func.count())
        .select_from(AuditEvent)
        .where(
            AuditEvent.verb == APPLIED,
            AuditEvent.actor_id == actor.id,
            AuditEvent.at > now - timedelta(days=1),
        )
    )
    audit.record(session, now=now, actor_id=actor.id, verb=APPLIED, subject=organisation)
    if written < DESK_MAILS_A_DAY:
        # who hands in and takes back all day long waits on the desk all the same
        letters.tell_desk_of_application(session, organisation, now)
    session.commit()


def accept_charter(
    session: Session, actor: User, organisation: Organisation, charter: Charter, *, now: datetime
) -> None:
    """An organisation that is here already accepts the text in force."""
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER, active=False)
    require_editable(session, actor, organisation)
    _accept(organisation, charter, now)
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="organisation.accepted_charter",
        subject=organisation,
        version=charter.version,
    )
    session.commit()


def take_back_application(
    session: Session, actor: User, organisation: Organisation, *, now: datetime
) -> None:
    """Make an application that nobody has decided yet a draft again."""
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER, active=False)
    if not is_waiting(organisation):
        raise Conflict(code="not_waiting")
    organisation.submitted_at = None
    organisation.updated_at = now
    audit.record(session, now=now, actor_id=actor.id, verb="organisation.taken_back", subject=organisation)
    session.commit()


def discard_application(session: Session, actor: User, organisation: Organisation, *, now: datetime) -> None:
    """Delete an application that was never approved, or the adherence of a person: nothing of it is kept."""
    require_role(session, actor, organisation.id, at_least=MemberRole.OWNER, active=False)
    if not only_concerns_its_owner(organisation):
        raise Conflict(code="not_an_application")
    audit.record(session, now=now, actor_id=actor.id, verb="organisation.discarded", subject=organisation)
    session.delete(organisation)
    session.commit()


def ask_to_belong(
    session: Session, actor: User, organisation: Organisation, words: str, *, now: datetime
) -> None:
    """Tell the owners, or the desk where there are none, that the actor says to belong to the organisation.

    Raises :class:`NotFound` for what is not public, :class:`Conflict` for members and for who asks again within a day.
    """
    if organisation.status != Status.ACTIVE:
        raise NotFound
    if session.get(Membership, (actor.id, organisation.id)) is not None:
        raise Conflict(_("You belong to it already."), code="already_a_member")
    recently = sa.exists().where(
        AuditEvent.verb == "organisation.asked_to_belong",
        AuditEvent.actor_id == actor.id,
        AuditEvent.subject == Organisation.__tablename__,
        AuditEvent.subject_id == organisation.id,
        AuditEvent.at > now - CLAIM_PAUSE,
    )
    if session.scalar(sa.select(recently)):
        raise Conflict(_("You have asked already: give them a day to answer."), code="asked_already")
    letters.tell_owners_of_colleague(session, organisation, actor, words, now)
    audit.record(
        session, now=now, actor_id=actor.id, verb="organisation.asked_to_belong", subject=organisation
    )
    session.commit()


def _accept(organisation: Organisation, charter: Charter | None, now: datetime) -> None:
    if charter is not None and organisation.charter_version != charter.version:
        organisation.charter_version, organisation.charter_accepted_at = charter.version, now
