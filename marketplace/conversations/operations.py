"""Writing to each other about a demand. No address is revealed: what is written is read and answered on the site."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, uploads
from marketplace.accounts.models import User
from marketplace.conversations.models import Conversation, LastRead, Message
from marketplace.conversations.partners import may_be_written_to
from marketplace.conversations.rules import refusal
from marketplace.conversations.sides import Side, side_of
from marketplace.demands.access import is_buyer, readable_demand, state_of
from marketplace.demands.models import Demand
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.form_files import SentFile
from marketplace.organisations.models import Organisation, Status
from marketplace.permissions import require_role
from marketplace.proposals.models import Proposal
from marketplace.proposals.rules import may_supply

MAX_CHARACTERS = 4000
#: What one person may write; nobody types more, and whoever sends to everybody is stopped early.
MESSAGES_PER_HOUR = 60
CONVERSATIONS_PER_DAY = 30
FILES_PER_DAY = 30


def start(
    session: Session,
    actor: User,
    demand_id: int,
    *,
    organisation_id: int | None,
    other_id: int | None,
    text: str,
    file: SentFile | None = None,
    now: datetime,
) -> Conversation:
    """Write to another side about a demand: a new conversation, or the one that there is.

    ``organisation_id`` is in whose name, ``None`` for the author of a wish; ``other_id`` to whom, ``None`` for the
    author of a wish. A supplier writes to the buyer, or to a supplier to answer together with; the buyer to a
    supplier that suits its demand or has answered it. Raises :class:`NotFound`, :class:`NotAllowed`,
    :class:`Conflict` (with the code of :class:`~marketplace.conversations.rules.Refusal`), :class:`Invalid`.
    """
    demand = readable_demand(session, actor, demand_id, now)
    _check_own_side(session, actor, demand, organisation_id)
    if organisation_id == other_id:
        raise Invalid(_("Choose to whom you write."), field="other")
    _check_other_side(session, demand, organisation_id, other_id, now)
    # held, so that two who write to each other at once have one conversation
    session.execute(sa.select(Demand.id).where(Demand.id == demand.id).with_for_update())
    conversation = existing(session, demand.id, organisation_id, other_id)
    if conversation is None:
        _check_pace(session, actor, now, starting=True)
        first, second = (other_id, None) if organisation_id is None else (organisation_id, other_id)
        conversation = Conversation(
            demand_id=demand.id, organisation_id=first, other_id=second, started_at=now, last_at=now
        )
        session.add(conversation)
        session.flush()
        audit.record(session, now=now, actor_id=actor.id, verb="conversation.started", subject=conversation)
    _write(session, actor, demand, conversation, Side(organisation_id, other_id), text, file, now)
    session.commit()
    return conversation


def write(
    session: Session,
    actor: User,
    conversation_id: int,
    *,
    text: str,
    file: SentFile | None = None,
    now: datetime,
) -> Message:
    """A further message. Raises as :func:`start`."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound
    side = side_of(session, actor, conversation)
    demand = session.get_one(Demand, conversation.demand_id)
    message = _write(session, actor, demand, conversation, side, text, file, now)
    session.commit()
    return message


def mark_read(session: Session, person: User, conversation: Conversation, until: datetime) -> None:
    """The person has read what was written up to then."""
    row = session.get(LastRead, (conversation.id, person.id))
    if row is None:
        session.add(LastRead(conversation_id=conversation.id, person_id=person.id, at=until))
    elif row.at < until:
        row.at = until
    session.commit()


def existing(
    session: Session, demand_id: int, one_id: int | None, other_id: int | None
) -> Conversation | None:
    """The conversation of these two about the demand, whoever started it; ``None`` is the author of a wish."""
    pair = sa.or_(
        sa.and_(Conversation.organisation_id == one_id, _is(Conversation.other_id, other_id)),
        sa.and_(Conversation.organisation_id == other_id, _is(Conversation.other_id, one_id)),
    )
    return session.scalar(sa.select(Conversation).where(Conversation.demand_id == demand_id, pair))


def why_not(
    session: Session, demand: Demand, one_id: int | None, other_id: int | None, now: datetime
) -> str | None:
    """The code of why these two may not write to each other about the demand now; ``None`` where they may."""
    with_buyer = demand.organisation_id in (one_id, other_id)
    supplier_id = other_id if one_id == demand.organisation_id else one_id
    code = refusal(
        demand.type,
        state_of(session, demand, now),
        with_buyer=with_buyer,
        has_answered=with_buyer and _has_answered(session, demand.id, supplier_id),
    )
    return str(code) if code else None


def _has_answered(session: Session, demand_id: int, organisation_id: int | None) -> bool:
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Proposal.demand_id == demand_id,
                    Proposal.organisation_id == organisation_id,
                    Proposal.submitted_at.is_not(None),
                    Proposal.withdrawn_at.is_(None),
                )
            )
        )
    )


def _check_own_side(session: Session, actor: User, demand: Demand, organisation_id: int | None) -> None:
    if organisation_id is None:
        if not (demand.organisation_id is None and is_buyer(session, actor, demand)):
            raise NotFound
        return
    require_role(session, actor, organisation_id)
    if organisation_id != demand.organisation_id:
        organisation = session.get_one(Organisation, organisation_id)
        if not may_supply(frozenset(one.kind for one in organisation.kinds)):
            raise Invalid(
                _("%(name)s buys, and does not supply: it cannot answer.", name=organisation.name),
                code="no_supplier",
                field="own",
            )


def _check_other_side(
    session: Session, demand: Demand, organisation_id: int | None, other_id: int | None, now: datetime
) -> None:
    if other_id is None:
        if demand.organisation_id is not None or demand.author_id is None:
            raise NotFound
        return
    other = session.get(Organisation, other_id)
    if other is None or other.status != Status.ACTIVE:
        raise NotFound
    if other_id == demand.organisation_id or existing(session, demand.id, organisation_id, other_id):
        return
    by_buyer = organisation_id == demand.organisation_id
    if not may_be_written_to(
        session, demand, other_id, now, by_supplier=None if by_buyer else organisation_id
    ):
        raise Invalid(
            _("%(name)s neither suits this request nor has answered it.", name=other.name), field="other"
        )


def _write(
    session: Session,
    actor: User,
    demand: Demand,
    conversation: Conversation,
    side: Side,
    text: str,
    file: SentFile | None,
    now: datetime,
) -> Message:
    code = why_not(session, demand, side.organisation_id, side.opposite_id, now)
    if code is not None:
        raise Conflict(code=code)
    if side.opposite_id is not None:
        opposite = session.get_one(Organisation, side.opposite_id)
        if opposite.status != Status.ACTIVE:
            raise Conflict(_("They cannot be written to any more."), code="suspended")
    if not text and file is None:
        raise Invalid(_("Write something."), field="text")
    if len(text) > MAX_CHARACTERS:
        raise Invalid(_("At most %(n)s characters.", n=MAX_CHARACTERS), field="text")
    _check_pace(session, actor, now, with_file=file is not None)
    message = Message(
        conversation_id=conversation.id,
        organisation_id=side.organisation_id,
        author_id=actor.id,
        at=now,
        text=text,
    )
    if file is not None:
        message.stored_as = uploads.save(file.content)
        message.file_name, message.media_type = file.name, file.media_type
    session.add(message)
    conversation.last_at = max(conversation.last_at, now)
    return message


def _check_pace(
    session: Session, actor: User, now: datetime, *, starting: bool = False, with_file: bool = False
) -> None:
    written = sa.select(sa.func.count()).select_from(Message).where(Message.author_id == actor.id)
    day_ago = now - timedelta(days=1)
    too_many = session.scalar(written.where(Message.at > now - timedelta(hours=1))) >= MESSAGES_PER_HOUR
    if with_file and not too_many:
        files = written.where(Message.at > day_ago, Message.stored_as != "")
        too_many = session.scalar(files) >= FILES_PER_DAY
    if starting and not too_many:
        started = sa.select(sa.func.count()).where(
            audit.AuditEvent.actor_id == actor.id,
            audit.AuditEvent.verb == "conversation.started",
            audit.AuditEvent.at > day_ago,
        )
        too_many = session.scalar(started) >= CONVERSATIONS_PER_DAY
    if too_many:
        raise Conflict(_("You have written a lot: wait a while and go on."), code="too_many_messages")


def _is(column, value: int | None):
    return column.is_(None) if value is None else column == value
