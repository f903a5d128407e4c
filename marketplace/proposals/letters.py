"""Mails on questions and answers. None of them carries a name or a content that its reader may not know yet."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.demands.models import Demand
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.organisations.models import MemberRole, Membership, Organisation
from marketplace.page_address import whole_address
from marketplace.proposals.models import Proposal, Question


def editors_of(session: Session, organisation_id: int | None) -> list[User]:
    """Whoever may write in an organisation's name."""
    return list(
        session.scalars(
            sa.select(User)
            .join(Membership, Membership.person_id == User.id)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.role.in_([MemberRole.OWNER, MemberRole.EDITOR]),
                User.active.is_(True),
            )
            .order_by(User.id)
        )
    )


def _buyers(session: Session, demand: Demand) -> list[User]:
    """Who posted it, while they may still write for the buyer; else all who may."""
    author = session.get(User, demand.author_id) if demand.author_id is not None else None
    if demand.organisation_id is None:
        return [author] if author is not None else []
    editors = editors_of(session, demand.organisation_id)
    return [author] if author in editors else editors


def _persons(session: Session, ids: Iterable[int | None]) -> list[User]:
    wanted = [id_ for id_ in set(ids) if id_ is not None]
    return list(session.scalars(sa.select(User).where(User.id.in_(wanted)).order_by(User.id)))


def tell_buyer_of_question(session: Session, demand: Demand, question: Question, now: datetime) -> None:
    for person in _buyers(session, demand):
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.QUESTIONS,
                subject=_("A question on “%(title)s”", title=demand.title),
                template="emails/question_asked.txt",
                now=now,
                demand=demand,
                question=question,
                link=whole_address("proposals.questions", demand_id=demand.id),
            )


def tell_of_reply(session: Session, demand: Demand, question: Question, now: datetime) -> None:
    """To whoever asked this, and to those who asked something else or are answering."""
    asked = session.scalars(sa.select(Question.asked_by_id).where(Question.demand_id == demand.id))
    answering = session.scalars(
        sa.select(Proposal.author_id).where(Proposal.demand_id == demand.id, Proposal.withdrawn_at.is_(None))
    )
    for person in _persons(session, [*asked, *answering]):
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.QUESTIONS,
                subject=_("An answer to a question on “%(title)s”", title=demand.title),
                template="emails/question_answered.txt",
                now=now,
                demand=demand,
                question=question,
                link=whole_address("proposals.questions", demand_id=demand.id),
            )


def tell_buyer_of_answer(session: Session, demand: Demand, now: datetime) -> None:
    """That one more came: neither from whom nor what it says."""
    for person in _buyers(session, demand):
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.ANSWERS,
                subject=_("An answer came to “%(title)s”", title=demand.title),
                template="emails/answer_came.txt",
                now=now,
                demand=demand,
                link=whole_address("proposals.answers", demand_id=demand.id),
            )


def invite_partner(
    session: Session, demand: Demand, lead: Organisation, partner: Organisation, now: datetime
) -> None:
    for person in editors_of(session, partner.id):
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.MESSAGES,
                subject=_(
                    "%(name)s proposes to answer “%(title)s” together", name=lead.name, title=demand.title
                ),
                template="emails/partner_invited.txt",
                now=now,
                demand=demand,
                lead=lead,
                partner=partner,
                link=whole_address("proposals.answer", demand_id=demand.id, **{"as": partner.slug}),
            )


def tell_lead_of_partner(
    session: Session, demand: Demand, lead_id: int, partner: Organisation, agreed: bool, now: datetime
) -> None:
    lead = session.get_one(Organisation, lead_id)
    for person in editors_of(session, lead_id):
        with speaking(person.locale):
            subject = (
                _("%(name)s answers “%(title)s” with you", name=partner.name, title=demand.title)
                if agreed
                else _("%(name)s does not answer “%(title)s” with you", name=partner.name, title=demand.title)
            )
            post_notice(
                session,
                person,
                MailKind.MESSAGES,
                subject=subject,
                template="emails/partner_replied.txt",
                now=now,
                demand=demand,
                partner=partner,
                agreed=agreed,
                link=whole_address("proposals.answer", demand_id=demand.id, **{"as": lead.slug}),
            )
