"""The worker's part: telling by mail that something was written, to those who have not read it on the site.

That somebody was told is an audit event of the conversation, written with the mail in one transaction. The mail
says who wrote about what and leads to the site; it has neither the text nor anybody's address.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.conversations.models import Conversation, LastRead, Message
from marketplace.conversations.queries import opposite_name
from marketplace.conversations.sides import people_of
from marketplace.conversations.telling import is_due
from marketplace.demands.models import Demand
from marketplace.due_work import do_what_is_due
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.page_address import whole_address

VERB = "conversation.told"
#: What nobody was told of for so long, nobody is told of any more: it is read in the list.
TOLD_WITHIN = timedelta(days=2)
AT_ONCE = 100


def tell_of_messages(session: Session, now: datetime) -> int:
    """Write the mails that are due; how many people were told."""

    def tell(due: list) -> None:
        for conversation, person, opposite_id in due:
            _tell(session, conversation, person, opposite_id, now)

    return len(do_what_is_due(session, lambda: list(_due(session, now)), tell) or ())


def _due(session: Session, now: datetime) -> Iterator[tuple[Conversation, User, int | None]]:
    """Conversation, who is to be told, and the side that wrote."""
    told_last = (
        sa.select(sa.func.max(audit.AuditEvent.at))
        .where(
            audit.AuditEvent.subject == Conversation.__tablename__,
            audit.AuditEvent.subject_id == Conversation.id,
            audit.AuditEvent.verb == VERB,
        )
        .scalar_subquery()
    )
    moving = session.scalars(
        sa.select(Conversation)
        .where(
            Conversation.last_at > now - TOLD_WITHIN,
            sa.or_(told_last.is_(None), told_last < Conversation.last_at),
        )
        .order_by(Conversation.last_at)
        .limit(AT_ONCE)
    ).all()
    for conversation in moving:
        told = _told(session, conversation)
        for side, opposite in _sides(conversation):
            for person in people_of(session, conversation, side):
                first = _first_unread_at(session, conversation, person, side)
                if is_due(first, told.get(person.id), now):
                    yield conversation, person, opposite


def _sides(conversation: Conversation) -> tuple[tuple[int | None, int | None], ...]:
    one, other = conversation.organisation_id, conversation.other_id
    return ((one, other), (other, one))


def _told(session: Session, conversation: Conversation) -> dict[int, datetime]:
    """When each person was last told."""
    events = session.execute(
        sa.select(audit.AuditEvent.details, audit.AuditEvent.at)
        .where(
            audit.AuditEvent.subject == Conversation.__tablename__,
            audit.AuditEvent.subject_id == conversation.id,
            audit.AuditEvent.verb == VERB,
        )
        .order_by(audit.AuditEvent.id)
    )
    return {details["person"]: at for details, at in events}


def _first_unread_at(
    session: Session, conversation: Conversation, person: User, side: int | None
) -> datetime | None:
    row = session.get(LastRead, (conversation.id, person.id))
    other_side = (
        Message.organisation_id.is_not(None)
        if side is None
        else sa.or_(Message.organisation_id.is_(None), Message.organisation_id != side)
    )
    return session.scalar(
        sa.select(sa.func.min(Message.at)).where(
            Message.conversation_id == conversation.id,
            other_side,
            sa.or_(Message.author_id.is_(None), Message.author_id != person.id),
            Message.at > row.at if row else sa.true(),
        )
    )


def _tell(
    session: Session, conversation: Conversation, person: User, opposite_id: int | None, now: datetime
) -> None:
    demand = session.get_one(Demand, conversation.demand_id)
    with speaking(person.locale):
        name = opposite_name(session, opposite_id)
        post_notice(
            session,
            person,
            MailKind.MESSAGES,
            subject=_("%(name)s wrote to you about “%(title)s”", name=name, title=demand.title),
            template="emails/conversation.txt",
            now=now,
            name=name,
            demand=demand,
            link=whole_address("conversations.show", conversation_id=conversation.id),
        )
    # also of who wants no mail: whether to tell was decided
    audit.record(session, now=now, actor_id=None, verb=VERB, subject=conversation, person=person.id)
