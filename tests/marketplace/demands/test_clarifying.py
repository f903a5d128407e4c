"""A published request is made clear, gets more time, and is withdrawn; those concerned are told."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.choosing.models import Outcome
from marketplace.demands.clarify_operations import clarify_demand
from marketplace.demands.models import DemandType
from marketplace.demands.operations import withdraw_demand
from marketplace.demands.posting_models import Clarification
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations.models import Kind
from marketplace.proposals.models import Proposal, Question
from tests.factories import NOW, make_demand, make_membership, make_organisation, make_user
from tests.marketplace.demands.test_drafts import PDF
from tests.support.mails import mails
from tests.support.people import people_of

DAY = timedelta(days=1)


@pytest.fixture
def town(session):
    return make_organisation(session, kinds=(Kind.LOCAL_AUTHORITY,))


@pytest.fixture
def clerk(session, town):
    person = make_user(session)
    make_membership(session, person, town)
    return person


@pytest.fixture
def demand(session, town):
    return make_demand(
        session,
        town,
        type=DemandType.QUOTE_REQUEST,
        title="Mensa",
        weights={"fit": 4, "proximity": 0, "values": 4, "price": 2},
        questions_until=NOW + 5 * DAY,
        closes_at=NOW + 10 * DAY,
    )


@pytest.fixture
def in_request(app, session):
    with app.test_request_context():
        yield


def told(session):
    return sorted(mail["to"] for mail in mails(session))


def supplier_of(session):
    person, supplier = make_user(session), make_organisation(session)
    make_membership(session, person, supplier)
    return person, supplier


def clarify(session, clerk, demand, **changes):
    values = {"text": "", "questions_until": None, "closes_at": None, "now": NOW}
    return clarify_demand(session, clerk, demand, **values | changes)


def test_who_asked_and_who_answered_is_told_and_nobody_else(in_request, session, clerk, demand):
    asker, one = supplier_of(session)
    answerer, two = supplier_of(session)
    _writer, three = supplier_of(session)
    session.add(Question(demand_id=demand.id, organisation_id=one.id, text="?", asked_at=NOW))
    for supplier, submitted in ((two, NOW), (three, None)):
        session.add(
            Proposal(
                demand_id=demand.id,
                organisation_id=supplier.id,
                created_at=NOW,
                updated_at=NOW,
                submitted_at=submitted,
            )
        )
    session.flush()
    made = clarify(session, clerk, demand, text="Anche d'estate", closes_at=NOW + 20 * DAY)
    assert demand.closes_at == NOW + 20 * DAY
    assert made.changes["closes_at"] == [(NOW + 10 * DAY).isoformat(), (NOW + 20 * DAY).isoformat()]
    assert told(session) == sorted([asker.email, answerer.email])
    withdraw_demand(session, clerk, demand, now=NOW)
    assert told(session) == sorted([asker.email, answerer.email] * 2)


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"closes_at": NOW + 9 * DAY}, "closes_at"),
        ({"questions_until": NOW + 4 * DAY}, "questions_until"),
        ({"questions_until": NOW + 10 * DAY}, "questions_until"),
        ({}, "text"),
    ],
)
def test_deadlines_move_later_only_and_questions_end_before_answers(
    in_request, session, clerk, demand, changes, field
):
    with pytest.raises(Invalid) as refused:
        clarify(session, clerk, demand, **changes)
    assert refused.value.field == field


@pytest.mark.parametrize("milliseconds, possible", [(-1, True), (0, False)])
def test_once_answers_are_closed_nothing_is_made_clear(
    in_request, session, clerk, demand, milliseconds, possible
):
    now = demand.closes_at + timedelta(milliseconds=milliseconds)
    if possible:
        assert clarify(session, clerk, demand, text="x", now=now).id
        return
    with pytest.raises(Conflict):
        clarify(session, clerk, demand, text="x", now=now)


def test_others_make_nothing_clear(in_request, session, demand):
    person, _ = supplier_of(session)
    with pytest.raises(NotFound):
        clarify(session, person, demand, text="x")


def test_what_ended_is_not_withdrawn(in_request, session, clerk, demand):
    session.add(Outcome(demand_id=demand.id, kind="awarded", recorded_at=NOW))
    session.flush()
    with pytest.raises(Conflict):
        withdraw_demand(session, clerk, demand, now=NOW)


def test_the_page_shows_what_changed_and_when(app, session, town, demand):
    path = f"/demands/{demand.id}/clarify"
    with time_machine.travel(NOW, tick=False):
        people = people_of(app, session, town)
        for who, status in (("anonymous", 302), ("stranger", 404), ("member", 404), ("editor", 200)):
            assert getattr(people, who).get(path).status_code == status
        data = {
            "text": "Si consegna **dal retro**",
            "closes_at": "2026-12-24T12:00",
            "questions_until": "2026-11-25T10:00",
            "document": (BytesIO(PDF), "pianta.pdf"),
            "document_title": "Pianta",
        }
        assert people.editor.post(path, data=data).status_code == 302
        page = people.anonymous.get(f"/demands/{demand.id}").text
    assert demand.closes_at == datetime(2026, 12, 24, 11, 0, tzinfo=UTC)
    assert "<strong>dal retro</strong>" in page
    assert "Pianta" in page
    session.expire_all()
    (one,) = session.scalars(sa.select(Clarification))
    assert sorted(one.changes) == ["attachment", "closes_at"]


def test_what_is_refused_leaves_no_trace(app, session, town, demand):
    with time_machine.travel(NOW, tick=False):
        people = people_of(app, session, town)
        page = people.editor.post(
            f"/demands/{demand.id}/clarify",
            data={"text": "x", "closes_at": "2026-12-24T12:00", "questions_until": "2026-12-25T12:00"},
        )
    assert 'id="questions_until-error"' in page.text
    session.expire_all()
    assert demand.closes_at == NOW + 10 * DAY
    assert session.scalars(sa.select(Clarification)).all() == []
