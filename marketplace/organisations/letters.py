"""Mails on joining, deciding and belonging: written in the reader's language, into the running transaction."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import words
from marketplace.accounts.models import Role, User
from marketplace.formats import day
from marketplace.i18n import current_language, speaking
from marketplace.mail import message
from marketplace.organisations.joining_models import Decision, Invitation, Verdict
from marketplace.organisations.models import MemberRole, Membership, Organisation
from marketplace.outbox import post_mail
from marketplace.page_address import whole_address
from marketplace.permissions import SECRETARIAT


def invite(
    session: Session, organisation: Organisation, invitation: Invitation, token: str, inviter: str
) -> None:
    """The only copy of the token goes out with this mail. In the language of the inviter's page."""
    mail = message(
        to=invitation.email,
        subject=_("%(organisation)s invites you to Incontro", organisation=organisation.name),
        text=render_template(
            "emails/invitation.txt",
            organisation=organisation,
            inviter=inviter,
            role=words.MEMBER_ROLES[invitation.role],
            last_day=day(invitation.expires_at),
            link=whole_address("organisations.open_invitation", token=token),
            lang=current_language(),
        ),
    )
    post_mail(session, mail, invitation.created_at)


def tell_decision(session: Session, organisation: Organisation, decision: Decision) -> None:
    """To all owners: what the district decided, and why."""
    subjects = {
        Verdict.APPROVED: lambda: _("%(name)s is approved", name=organisation.name),
        Verdict.CHANGES_ASKED: lambda: _("%(name)s: something is to be changed", name=organisation.name),
        Verdict.REFUSED: lambda: _("%(name)s is not approved", name=organisation.name),
        Verdict.SUSPENDED: lambda: _("%(name)s is suspended", name=organisation.name),
        Verdict.REINSTATED: lambda: _("%(name)s is public again", name=organisation.name),
    }
    for owner in owners_of(session, organisation.id):
        with speaking(owner.locale):
            mail = message(
                to=owner.email,
                subject=subjects[Verdict(decision.verdict)](),
                text=render_template(
                    "emails/decision.txt",
                    organisation=organisation,
                    decision=decision,
                    link=whole_address("organisations.mine"),
                    lang=current_language(),
                ),
                reply_to=current_app.config["DISTRICT_EMAIL"] or None,
            )
        post_mail(session, mail, decision.at)


def tell_desk_of_application(session: Session, organisation: Organisation, now: datetime) -> None:
    link = whole_address("admin.organisation", slug=organisation.slug)
    for person in _desk(session):
        with speaking(person.locale):
            mail = message(
                to=person.email,
                subject=_("%(name)s asks to join", name=organisation.name),
                text=render_template(
                    "emails/application.txt", organisation=organisation, link=link, lang=current_language()
                ),
            )
        post_mail(session, mail, now)


def tell_owners_of_colleague(
    session: Session, organisation: Organisation, person: User, said: str, now: datetime
) -> None:
    """Somebody says to belong to it. Answers go to them; owners' addresses stay unknown to them."""
    readers = owners_of(session, organisation.id) or _desk(session)
    for reader in readers:
        with speaking(reader.locale):
            mail = message(
                to=reader.email,
                subject=_("Somebody asks to belong to %(name)s", name=organisation.name),
                text=render_template(
                    "emails/colleague.txt",
                    organisation=organisation,
                    person=person,
                    said=said,
                    link=whole_address("organisations.members", slug=organisation.slug),
                    lang=current_language(),
                ),
                reply_to=person.email,
            )
        post_mail(session, mail, now)


def not_located(session: Session, organisation: Organisation, now: datetime) -> None:
    """To all owners: nobody could tell where in its municipality the seat is."""
    for owner in owners_of(session, organisation.id):
        with speaking(owner.locale):
            mail = message(
                to=owner.email,
                subject=_("%(name)s: put the point on the map", name=organisation.name),
                text=render_template(
                    "emails/not_located.txt",
                    organisation=organisation,
                    link=whole_address("organisations.seat", slug=organisation.slug),
                    lang=current_language(),
                ),
            )
        post_mail(session, mail, now)


def owners_of(session: Session, organisation_id: int) -> Sequence[User]:
    """Whom mails about an organisation go to."""
    return session.scalars(
        sa.select(User)
        .join(Membership, Membership.person_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == MemberRole.OWNER,
            User.active.is_(True),
        )
        .order_by(User.id)
    ).all()


def _desk(session: Session) -> list[User]:
    return list(
        session.scalars(
            sa.select(User)
            .where(User.roles.any(Role.name == SECRETARIAT), User.active.is_(True))
            .order_by(User.id)
        )
    )
