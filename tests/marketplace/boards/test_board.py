"""A board: partners come forward and step back, the body sets meetings and adds documents, everybody reads."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.boards.models import BoardMeeting
from marketplace.boards.operations import (
    MeetingValues,
    cancel_meeting,
    come_forward,
    set_meeting,
    step_back,
)
from marketplace.boards.queries import partners
from marketplace.clock import utc_now
from marketplace.demands.models import DemandType
from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.organisations.models import Kind, MemberRole
from tests.exchange_factories import make_meeting
from tests.factories import NOW, make_demand, make_membership, make_organisation, make_user
from tests.support.mails import mails
from tests.support.people import browser_of


def editor(session, *kinds, **overrides):
    organisation = make_organisation(session, kinds=kinds or (Kind.PRODUCER,), **overrides)
    person = make_user(session)
    make_membership(session, person, organisation, MemberRole.EDITOR)
    return person, organisation


@pytest.fixture
def clerk(session):
    return editor(session, Kind.LOCAL_AUTHORITY)


@pytest.fixture
def coop(session):
    return editor(session)


@pytest.fixture
def board(session, clerk):
    return make_demand(session, clerk[1], type=DemandType.CO_DESIGN, closes_at=NOW + timedelta(days=3650))


def meeting(**changes) -> MeetingValues:
    values = {
        "starts_at": NOW + timedelta(days=7),
        "ends_at": None,
        "place": "Sala civica",
        "agenda": "",
        "minutes": "",
    }
    return MeetingValues(**values | changes)


def test_partners_stand_in_the_order_in_which_they_came(session, board, coop):
    second = editor(session)
    come_forward(session, coop[0], board.id, coop[1].id, "Tre educatori", now=NOW)
    come_forward(session, second[0], board.id, second[1].id, "Una sala", now=NOW + timedelta(hours=1))
    come_forward(session, coop[0], board.id, coop[1].id, "Quattro educatori", now=NOW + timedelta(hours=2))
    assert [(row.name, row.contribution) for row in partners(session, board.id)] == [
        (coop[1].name, "Quattro educatori"),
        (second[1].name, "Una sala"),
    ]


def test_who_steps_back_is_gone_and_may_come_again_at_the_end(session, board, coop):
    second = editor(session)
    for number, (person, organisation) in enumerate((coop, second)):
        come_forward(session, person, board.id, organisation.id, "Noi", now=NOW + timedelta(hours=number))
    step_back(session, coop[0], board.id, coop[1].id, now=NOW + timedelta(hours=2))
    assert [row.name for row in partners(session, board.id)] == [second[1].name]
    come_forward(session, coop[0], board.id, coop[1].id, "Di nuovo", now=NOW + timedelta(hours=3))
    assert [row.name for row in partners(session, board.id)] == [second[1].name, coop[1].name]
    verbs = session.scalars(
        sa.select(AuditEvent.verb).where(AuditEvent.verb.startswith("board.")).order_by(AuditEvent.id)
    ).all()
    assert verbs == ["board.joined", "board.joined", "board.left", "board.joined"]


def test_nobody_comes_forward_for_others_too_late_or_without_a_word(session, board, clerk, coop):
    with pytest.raises(NotFound):
        come_forward(session, make_user(session), board.id, coop[1].id, "Noi", now=NOW)
    with pytest.raises(Invalid):
        come_forward(session, coop[0], board.id, coop[1].id, "", now=NOW)
    with pytest.raises(Invalid):
        come_forward(session, clerk[0], board.id, clerk[1].id, "Noi", now=NOW)
    with pytest.raises(Conflict):
        come_forward(session, coop[0], board.id, coop[1].id, "Noi", now=board.closes_at)


def test_there_is_a_board_only_where_people_design_together(session, clerk, coop):
    quotes = make_demand(session, clerk[1], type=DemandType.QUOTE_REQUEST)
    with pytest.raises(NotFound):
        come_forward(session, coop[0], quotes.id, coop[1].id, "Noi", now=NOW)


def test_only_the_body_sets_meetings_and_partners_are_told(session, board, clerk, coop):
    come_forward(session, coop[0], board.id, coop[1].id, "Noi", now=NOW)
    with pytest.raises(NotAllowed):
        set_meeting(session, coop[0], board.id, meeting(), now=NOW)
    set = set_meeting(session, clerk[0], board.id, meeting(), now=NOW)
    (mail,) = mails(session)
    assert mail["to"] == coop[0].email
    assert "Sala civica" in mail["text"]
    assert mail["unsubscribe"]
    cancel_meeting(session, clerk[0], board.id, set.id, now=NOW)
    assert len(mails(session)) == 2


def test_minutes_are_written_afterwards_and_nobody_is_told_of_them(session, board, clerk, coop):
    come_forward(session, coop[0], board.id, coop[1].id, "Noi", now=NOW)
    past = make_meeting(session, board, starts_at=NOW - timedelta(days=1), place="Sala civica")
    values = meeting(starts_at=past.starts_at, minutes="Deciso")
    set_meeting(session, clerk[0], board.id, values, meeting_id=past.id, now=NOW)
    assert session.get_one(BoardMeeting, past.id).minutes == "Deciso"
    assert mails(session) == []


def test_a_meeting_lies_ahead_ends_after_it_begins_and_belongs_to_its_board(session, board, clerk):
    with pytest.raises(Invalid):
        set_meeting(session, clerk[0], board.id, meeting(starts_at=NOW), now=NOW)
    with pytest.raises(Invalid):
        set_meeting(session, clerk[0], board.id, meeting(ends_at=NOW), now=NOW)
    other = make_meeting(session, make_demand(session, make_organisation(session)))
    with pytest.raises(NotFound):
        set_meeting(session, clerk[0], board.id, meeting(), meeting_id=other.id, now=NOW)


def test_the_page_is_for_everybody_and_its_forms_for_whom_they_concern(app, session, board, clerk, coop):
    session.commit()
    address = f"/demands/{board.id}/board"
    body, partner = browser_of(app, clerk[0]), browser_of(app, coop[0])
    assert "<textarea" not in app.test_client().get(address).text
    answer = partner.post(
        f"{address}/join", data={"organisation": str(coop[1].id), "contribution": "**Tre** educatori"}
    )
    assert answer.status_code == 302
    assert "<strong>Tre</strong> educatori" in app.test_client().get(address).text
    begins = (utc_now() + timedelta(days=30)).strftime("%Y-%m-%dT15:00")
    answer = body.post(f"{address}/meetings/new", data={"starts_at": begins, "place": "Sala civica"})
    assert answer.status_code == 302
    pdf = b"%PDF-1.4\nstartxref\n0\n%%EOF"
    answer = body.post(
        f"{address}/documents", data={"title": "Bozza di patto", "document": (BytesIO(pdf), "x.pdf")}
    )
    assert answer.status_code == 302
    page = app.test_client().get(address).text
    assert "Sala civica" in page
    assert "Bozza di patto" in page
    assert "15:00" in page
    partner.post(f"{address}/leave", data={"organisation": str(coop[1].id)})
    assert "educatori" not in app.test_client().get(address).text
    assert partner.get(f"{address}/meetings/new").status_code == 403
