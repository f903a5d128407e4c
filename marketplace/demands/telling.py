"""Who has a part in a demand and is told by mail when it changes or ends."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.conversations.models import Conversation
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
    for person in participants(session, demand):
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.OUTCOMES,
                subject=_("Changed: %(title)s", title=demand.title),
                template="emails/demand_changed.txt",
                now=now,
                demand=demand,
                text=text,
                changes=changes,
                link=whole_address("demands.show", demand_id=demand.id),
            )


def tell_of_withdrawal(session: Session, demand: Demand, now: datetime) -> None:
    for person in participants(session, demand):
        with speaking(person.locale):
            post_notice(
                session,
                person,
                MailKind.OUTCOMES,
                subject=_("Withdrawn: %(title)s", title=demand.title),
                template="emails/demand_withdrawn.txt",
                now=now,
                demand=demand,
                link=whole_address("demands.show", demand_id=demand.id),
            )
