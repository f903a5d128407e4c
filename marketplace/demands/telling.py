"""Who has a part in a demand, or follows it, and is told by mail when it changes or ends."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.conversations.models import Conversation
from marketplace.demands.following import followers, stop_token
from marketplace.demands.models import Demand
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from marketplace.page_address import whole_address
from marketplace.proposals.models import Proposal, ProposalPartner, Question


def participants(session: Session, demand: Demand) -> Sequence[User]:
    """Editors of every active organisation that asked, answered, was asked to answer together, or wrote; once each."""
    answering = sa.select(Proposal.id).where(
        Proposal.demand_id == demand.id, Proposal.submitted_at.is_not(None), Proposal.withdrawn_at.is_(None)
    )
    concerned = sa.union(
        sa.select(Question.organisation_id).where(Question.demand_id == demand.id),
        sa.select(Proposal.organisation_id).where(Proposal.id.in_(answering)),
        sa.select(ProposalPartner.organisation_id).where(ProposalPartner.proposal_id.in_(answering)),
        sa.select(Conversation.organisation_id).where(Conversation.demand_id == demand.id),
    )
    return session.scalars(
        sa.select(User)
        .join(Membership, Membership.person_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id.in_(concerned),
            Membership.organisation_id.is_distinct_from(demand.organisation_id),
            Membership.role.in_([MemberRole.OWNER, MemberRole.EDITOR]),
            Organisation.status == Status.ACTIVE,
        )
        .distinct()
        .order_by(User.id)
    ).all()


def tell_of_change(session: Session, demand: Demand, text: str, changes: dict, now: datetime) -> None:
    """The buyer made something clear, or moved a deadline."""
    subject = _("Changed: %(title)s", title=demand.title)
    _tell_all(session, demand, subject, "emails/demand_changed.txt", now, text=text, changes=changes)


def tell_of_withdrawal(session: Session, demand: Demand, now: datetime) -> None:
    subject = _("Withdrawn: %(title)s", title=demand.title)
    _tell_all(session, demand, subject, "emails/demand_withdrawn.txt", now)


def tell_follower_of_closing(session: Session, person: User, demand: Demand, now: datetime) -> None:
    subject = _("Closed: %(title)s", title=demand.title)
    _tell_follower(session, person, demand, subject, "emails/followed_closed.txt", now)


def tell_followers_of_end(session: Session, demand: Demand, now: datetime, *, but: Collection[int]) -> None:
    """How it ended is recorded. ``but``: ids of the people who have been told what became of their answer."""
    subject = _("What became of “%(title)s”", title=demand.title)
    for person in followers(session, demand):
        if person.id not in but:
            _tell_follower(session, person, demand, subject, "emails/followed_ended.txt", now)


def _tell_all(session: Session, demand: Demand, subject, template: str, now: datetime, **values) -> None:
    """Who has a part is told in any case, who only follows it unless they want no such mails."""
    concerned = participants(session, demand)
    for person in concerned:
        _tell(session, person, demand, MailKind.OUTCOMES, subject, template, now, **values)
    with_a_part = {person.id for person in concerned}
    for person in followers(session, demand):
        if person.id not in with_a_part:
            _tell_follower(session, person, demand, subject, template, now, **values)


def _tell_follower(
    session: Session, person: User, demand: Demand, subject, template: str, now: datetime, **values
) -> None:
    stop = whole_address("demands.stop_following", token=stop_token(person.id, demand.id))
    _tell(session, person, demand, MailKind.FOLLOWED, subject, template, now, stop_this=stop, **values)


def _tell(
    session: Session,
    person: User,
    demand: Demand,
    kind: MailKind,
    subject,
    template: str,
    now: datetime,
    **values,
) -> None:
    """``subject`` is lazy, and so in the language of the person."""
    with speaking(person.locale):
        post_notice(
            session,
            person,
            kind,
            subject=str(subject),
            template=template,
            now=now,
            demand=demand,
            link=whole_address("demands.show", demand_id=demand.id),
            **values,
        )
