"""What happens on a board: partners come forward and step back, the body sets meetings and adds documents.

Co-programming and co-design (artt. 55-56 D.Lgs. 117/2017) are outside the procurement code: there are no prices, and
nobody is ranked; partners stand in the order in which they came.
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.boards.letters import tell_partners
from marketplace.boards.models import BoardMeeting, BoardPartner
from marketplace.demands.access import is_buyer, readable_demand, state_of
from marketplace.demands.attachment_operations import attach
from marketplace.demands.models import Demand, DemandType
from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.form_files import SentFile
from marketplace.permissions import require_role


@dataclass(frozen=True, slots=True)
class MeetingValues:
    """What is said of a meeting; agenda and minutes are Markdown."""

    starts_at: datetime
    ends_at: datetime | None
    place: str
    agenda: str
    minutes: str


def come_forward(
    session: Session, actor: User, demand_id: int, organisation_id: int, contribution: str, *, now: datetime
) -> None:
    """An organisation would take part, with what it would bring; again after stepping back, or to put it otherwise.

    Raises :class:`NotFound`, :class:`NotAllowed`; :class:`Conflict` once the board takes nobody more;
    :class:`Invalid` without a word on what it brings.
    """
    demand = _board(session, actor, demand_id, now)
    require_role(session, actor, organisation_id)
    if organisation_id == demand.organisation_id:
        raise Invalid(_("The board is yours already."), field="organisation")
    if not state_of(session, demand, now).takes_answers:
        raise Conflict(_("The time to come forward has passed."), code="closed")
    if not contribution:
        raise Invalid(_("Say in a few words what you would bring."), field="contribution")
    partner = session.get(BoardPartner, (demand.id, organisation_id))
    if partner is None:
        partner = BoardPartner(demand_id=demand.id, organisation_id=organisation_id, joined_at=now)
        session.add(partner)
    elif partner.left_at is not None:
        partner.joined_at = now
    partner.contribution, partner.actor_id, partner.left_at = contribution, actor.id, None
    _record(session, actor, demand, "board.joined", now, organisation=organisation_id)
    session.commit()


def step_back(session: Session, actor: User, demand_id: int, organisation_id: int, *, now: datetime) -> None:
    """The organisation takes no part any more; that it did stays on record. Doing it twice changes nothing."""
    demand = _board(session, actor, demand_id, now)
    require_role(session, actor, organisation_id)
    partner = session.get(BoardPartner, (demand.id, organisation_id))
    if partner is None or partner.left_at is not None:
        return
    partner.left_at = now
    _record(session, actor, demand, "board.left", now, organisation=organisation_id)
    session.commit()


def set_meeting(
    session: Session,
    actor: User,
    demand_id: int,
    values: MeetingValues,
    *,
    meeting_id: int | None = None,
    now: datetime,
) -> BoardMeeting:
    """A new meeting, or one changed, as when its minutes are written. By the body. Partners are told of a new one.

    Raises :class:`Invalid` where it would end before it begins, or is new and in the past.
    """
    demand = _own_board(session, actor, demand_id, now)
    if values.ends_at is not None and values.ends_at <= values.starts_at:
        raise Invalid(_("It ends before it begins."), field="ends_at")
    if meeting_id is None:
        if values.starts_at <= now:
            raise Invalid(_("This moment has passed."), field="starts_at")
        meeting = BoardMeeting(demand_id=demand.id)
        session.add(meeting)
    else:
        meeting = meeting_of(session, demand, meeting_id)
    moved = meeting_id is None or (meeting.starts_at, meeting.place) != (values.starts_at, values.place)
    meeting.starts_at, meeting.ends_at = values.starts_at, values.ends_at
    meeting.place, meeting.agenda, meeting.minutes = values.place, values.agenda, values.minutes
    session.flush()
    verb = "board_meeting.set" if meeting_id is None else "board_meeting.changed"
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=meeting)
    if moved and values.starts_at > now:
        tell_partners(session, demand, now, meeting=meeting)
    session.commit()
    return meeting


def cancel_meeting(session: Session, actor: User, demand_id: int, meeting_id: int, *, now: datetime) -> None:
    """It does not take place; it stays in sight as cancelled. Partners are told where it lay ahead."""
    demand = _own_board(session, actor, demand_id, now)
    meeting = meeting_of(session, demand, meeting_id)
    if meeting.cancelled_at is not None:
        return
    meeting.cancelled_at = now
    audit.record(session, now=now, actor_id=actor.id, verb="board_meeting.cancelled", subject=meeting)
    if meeting.starts_at > now:
        tell_partners(session, demand, now, meeting=meeting)
    session.commit()


def add_document(
    session: Session, actor: User, demand_id: int, file: SentFile, title: str, *, now: datetime
) -> None:
    """Put a file on the board, for everybody. By the body. Raises as :func:`attach`."""
    demand = _own_board(session, actor, demand_id, now)
    document = attach(session, actor, demand, file.content, file.name, title, now=now)
    tell_partners(session, demand, now, document=document)
    session.commit()


def meeting_of(session: Session, demand: Demand, meeting_id: int) -> BoardMeeting:
    """Raises :class:`NotFound` for one of another board."""
    meeting = session.get(BoardMeeting, meeting_id)
    if meeting is None or meeting.demand_id != demand.id:
        raise NotFound
    return meeting


def _board(session: Session, actor: User, demand_id: int, now: datetime) -> Demand:
    demand = readable_demand(session, actor, demand_id, now)
    if demand.type != DemandType.CO_DESIGN:
        raise NotFound
    return demand


def _own_board(session: Session, actor: User, demand_id: int, now: datetime) -> Demand:
    demand = _board(session, actor, demand_id, now)
    if not is_buyer(session, actor, demand):
        raise NotAllowed
    return demand


def _record(session: Session, actor: User, demand: Demand, verb: str, now: datetime, **details) -> None:
    audit.record(session, now=now, actor_id=actor.id, verb=verb, subject=demand, **details)
