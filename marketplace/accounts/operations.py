"""What people do with their own account."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.demands.following_models import DemandFollower
from marketplace.errors import Conflict
from marketplace.households.forgetting import forget_person
from marketplace.notices.models import MailPreference, SavedSearch
from marketplace.organisations.completeness import only_concerns_its_owner
from marketplace.organisations.joining_models import Invitation
from marketplace.organisations.models import MemberRole, Membership, Organisation
from marketplace.outbox import OutboxEntry, Topic

#: Where mail to an erased person would go: a domain that can never exist (RFC 2606).
ERASED_DOMAIN = "erased.invalid"


def update_account(session: Session, actor: User, *, name: str, locale: str, now: datetime) -> None:
    actor.name, actor.locale = name.strip(), locale
    audit.record(session, now=now, actor_id=actor.id, verb="changed_account", subject=actor)
    session.commit()


def erase_account(session: Session, actor: User, now: datetime) -> None:
    """Forget who the person is. What they did stays, under a number that leads to nobody.

    What is only theirs goes with them: applications that were never approved, and their own adherence.
    Raises :class:`Conflict` while an organisation would be left without an owner.
    """
    # held until the end: of two owners who go at once, the second must see that the first is gone
    theirs = sa.select(Membership.organisation_id).where(Membership.person_id == actor.id)
    session.execute(
        sa.select(Organisation.id)
        .where(Organisation.id.in_(theirs))
        .order_by(Organisation.id)
        .with_for_update()
    )
    alone = [
        session.get_one(Organisation, organisation_id)
        for organisation_id in organisations_only_owned_by(session, actor.id)
    ]
    if not all(only_concerns_its_owner(organisation) for organisation in alone):
        raise Conflict(code="last_owner")
    for organisation in alone:
        session.delete(organisation)
    session.flush()
    email = actor.email
    forget_person(session, actor, now)
    session.execute(sa.delete(Invitation).where(sa.func.lower(Invitation.email) == email.lower()))
    session.execute(sa.delete(Membership).where(Membership.person_id == actor.id))
    for kept in (SavedSearch, MailPreference, DemandFollower):
        session.execute(sa.delete(kept).where(kept.person_id == actor.id))
    for entry in session.scalars(sa.select(OutboxEntry).where(OutboxEntry.topic == Topic.MAIL)):
        if entry.payload.get("to", "").casefold() == email.casefold():
            session.delete(entry)
    actor.name = ""
    actor.email = f"{actor.id}@{ERASED_DOMAIN}"
    actor.username = actor.password = actor.us_totp_secrets = actor.us_phone_number = None
    actor.tf_primary_method = actor.tf_totp_secret = actor.tf_phone_number = None
    actor.mf_recovery_codes = None
    actor.last_login_ip = actor.current_login_ip = None
    actor.last_login_at = actor.current_login_at = actor.confirmed_at = actor.login_count = None
    actor.fs_uniquifier = secrets.token_hex(32)
    actor.active = False
    actor.roles.clear()
    audit.record(session, now=now, actor_id=actor.id, verb="erased_account", subject=actor)
    session.commit()


def organisations_only_owned_by(session: Session, person_id: int) -> list[int]:
    """Ids of the organisations whose one owner is the person."""
    owners = sa.select(Membership.organisation_id).where(Membership.role == MemberRole.OWNER)
    theirs = owners.where(Membership.person_id == person_id)
    others = owners.where(Membership.person_id != person_id)
    return list(session.scalars(theirs.where(Membership.organisation_id.not_in(others))))
