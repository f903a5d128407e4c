"""On which side of a conversation somebody stands: an editor of one of its two organisations, or a wish's author."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.conversations.models import Conversation
from marketplace.demands.models import Demand
from marketplace.errors import NotAllowed, NotFound
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from marketplace.organisations.queries import active_organisations_of_editor


@dataclass(frozen=True, slots=True)
class Side:
    """``organisation_id`` in whose name is written, ``None`` for the author of a wish; ``opposite_id`` to whom."""

    organisation_id: int | None
    opposite_id: int | None


def own_organisations(person_id: int):
    """Ids, as a selection, of the active organisations in whose name a person may write."""
    return (
        sa.select(Membership.organisation_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id == person_id,
            Membership.role.in_([MemberRole.OWNER, MemberRole.EDITOR]),
            Organisation.status == Status.ACTIVE,
        )
    )


def side_of(session: Session, person: User, conversation: Conversation) -> Side:
    """The person's side. Who stands on both, as an editor of both, writes in the name of who did not start it.

    Raises :class:`NotFound` for strangers and for those whose organisation is not active, :class:`NotAllowed` for
    members who may not write in its name.
    """
    own = {one.id for one in active_organisations_of_editor(session, person.id)}
    if conversation.other_id is None:
        demand = session.get_one(Demand, conversation.demand_id)
        if demand.author_id == person.id:
            return Side(None, conversation.organisation_id)
    elif conversation.other_id in own:
        return Side(conversation.other_id, conversation.organisation_id)
    if conversation.organisation_id in own:
        return Side(conversation.organisation_id, conversation.other_id)
    if session.scalar(
        sa.select(Membership.organisation_id)
        .join(Organisation)
        .where(
            Membership.person_id == person.id,
            Membership.organisation_id.in_([conversation.organisation_id, conversation.other_id]),
            Organisation.status == Status.ACTIVE,
        )
        .limit(1)
    ):
        raise NotAllowed
    raise NotFound


def people_of(session: Session, conversation: Conversation, organisation_id: int | None) -> Sequence[User]:
    """Those who read on one side: its editors, or the author of the wish; only people who can sign in."""
    people = sa.select(User).where(User.active.is_(True)).order_by(User.id)
    if organisation_id is None:
        author = sa.select(Demand.author_id).where(Demand.id == conversation.demand_id)
        return session.scalars(people.where(User.id == author.scalar_subquery())).all()
    return session.scalars(
        people.join(Membership, Membership.person_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_([MemberRole.OWNER, MemberRole.EDITOR]),
            Organisation.status == Status.ACTIVE,
        )
    ).all()
