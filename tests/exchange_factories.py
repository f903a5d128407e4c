"""Rows of conversations, boards, pooled needs and saved searches for tests; see :mod:`tests.factories`."""

from datetime import timedelta

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.boards.models import BoardMeeting
from marketplace.conversations.models import Conversation, Message
from marketplace.demands.models import Demand
from marketplace.organisations.models import Organisation
from tests.factories import NOW, _add


def make_conversation(
    session: Session, demand: Demand, organisation: Organisation, other: Organisation | None, **overrides
) -> Conversation:
    """Started by ``organisation`` on ``NOW``, without a message; ``other`` is ``None`` for the author of a wish."""
    values = {
        "demand_id": demand.id,
        "organisation_id": organisation.id,
        "other_id": other.id if other is not None else None,
        "started_at": NOW,
        "last_at": NOW,
    }
    return _add(session, Conversation(**values | overrides))


def make_message(session: Session, conversation: Conversation, author: User | None, **overrides) -> Message:
    """In the name of who started the conversation."""
    values = {
        "conversation_id": conversation.id,
        "organisation_id": conversation.organisation_id,
        "author_id": author.id if author is not None else None,
        "at": NOW,
        "text": "Buongiorno",
    }
    return _add(session, Message(**values | overrides))


def make_meeting(session: Session, demand: Demand, **overrides) -> BoardMeeting:
    """A week after ``NOW``, without place, agenda and minutes."""
    values = {"demand_id": demand.id, "starts_at": NOW + timedelta(days=7)}
    return _add(session, BoardMeeting(**values | overrides))
