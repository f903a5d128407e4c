"""Conversations as lists and pages show them: plain rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import User
from marketplace.conversations.models import Conversation, LastRead, Message
from marketplace.conversations.sides import own_organisations
from marketplace.demands.models import Demand
from marketplace.organisations.models import Organisation

#: Messages that a page shows, the newest.
MOST_MESSAGES = 300
EXCERPT = 120
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation in a list. ``opposite`` is the name of the other side."""

    id: int
    demand_id: int
    demand_title: str
    opposite: str
    last_at: datetime
    last_text: str
    unread: int


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. ``person`` is the name of who wrote it; ``mine`` whether it is of the reader's own side."""

    id: int
    at: datetime
    text: str
    file_name: str
    person: str
    organisation: str
    mine: bool


def own_conversations(
    session: Session, person_id: int, *, limit: int, offset: int = 0, demand_id: int | None = None
) -> tuple[list[ConversationRow], int]:
    """The conversations that a person may read, the newest message first, and how many there are. Two queries."""
    first, second = aliased(Organisation), aliased(Organisation)
    own = own_organisations(person_id)
    last = (
        sa.select(Message.text)
        .where(Message.conversation_id == Conversation.id)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    unread = (
        sa.select(sa.func.count())
        .where(Message.conversation_id == Conversation.id, *_unread(person_id, own))
        .scalar_subquery()
    )
    readable = sa.and_(
        _readable(person_id, own), Conversation.demand_id == demand_id if demand_id is not None else sa.true()
    )
    total = session.scalar(
        sa.select(sa.func.count(Conversation.id))
        .join(Demand, Demand.id == Conversation.demand_id)
        .where(readable)
    )
    rows = session.execute(
        sa.select(
            Conversation.id,
            Conversation.demand_id,
            Conversation.last_at,
            Demand.title,
            Demand.author_id,
            first.name.label("first"),
            second.name.label("second"),
            Conversation.organisation_id.in_(own).label("first_is_own"),
            Conversation.other_id.in_(own).label("second_is_own"),
            last.label("last_text"),
            unread.label("unread"),
        )
        .join(Demand, Demand.id == Conversation.demand_id)
        .join(first, first.id == Conversation.organisation_id)
        .outerjoin(second, second.id == Conversation.other_id)
        .where(readable)
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_row(row, person_id) for row in rows], total


def unread_count(session: Session, person_id: int) -> int:
    """In how many conversations there is something that the person has not read."""
    own = own_organisations(person_id)
    return session.scalar(
        sa.select(sa.func.count(Conversation.id))
        .join(Demand, Demand.id == Conversation.demand_id)
        .where(
            _readable(person_id, own),
            sa.exists().where(Message.conversation_id == Conversation.id, *_unread(person_id, own)),
        )
    )


def messages(session: Session, conversation: Conversation, side_id: int | None) -> list[MessageRow]:
    """The newest messages, in order. ``side_id`` is the reader's side (``None``: the author of the wish)."""
    rows = session.execute(
        sa.select(Message, User.name, User.active, Organisation.name)
        .outerjoin(User, User.id == Message.author_id)
        .outerjoin(Organisation, Organisation.id == Message.organisation_id)
        .where(Message.conversation_id == conversation.id)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(MOST_MESSAGES)
    ).all()
    return [
        MessageRow(
            message.id,
            message.at,
            message.text,
            message.file_name,
            name if name else (_("somebody") if active else _("erased person")),
            organisation or "",
            message.organisation_id == side_id,
        )
        for message, name, active, organisation in reversed(rows)
    ]


def opposite_name(session: Session, opposite_id: int | None) -> str:
    return session.get_one(Organisation, opposite_id).name if opposite_id is not None else wisher_name()


def wisher_name() -> str:
    """How others call the author of a wish, whose name stands on what they write themselves and nowhere else."""
    return _("the resident who wishes it")


def _readable(person_id: int, own):
    return sa.or_(
        Conversation.organisation_id.in_(own),
        Conversation.other_id.in_(own),
        sa.and_(Conversation.other_id.is_(None), Demand.author_id == person_id),
    )


def _unread(person_id: int, own) -> Sequence:
    """What somebody of another side wrote since the person last read the conversation."""
    read = (
        sa.select(LastRead.at)
        .where(LastRead.conversation_id == Conversation.id, LastRead.person_id == person_id)
        .scalar_subquery()
    )
    return (
        Message.at > sa.func.coalesce(read, sa.literal(_LONG_AGO, LastRead.at.type)),
        sa.or_(Message.author_id.is_(None), Message.author_id != person_id),
        sa.or_(Message.organisation_id.is_(None), Message.organisation_id.not_in(own)),
    )


def _row(row, person_id: int) -> ConversationRow:
    # of two organisations of the same reader, the one that was written to is theirs (as in sides.side_of)
    if row.second is None:
        opposite = row.first if row.author_id == person_id else wisher_name()
    elif row.second_is_own:
        opposite = row.first
    else:
        opposite = row.second
    text = " ".join((row.last_text or "").split())
    excerpt = text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"
    return ConversationRow(row.id, row.demand_id, row.title, opposite, row.last_at, excerpt, row.unread)
