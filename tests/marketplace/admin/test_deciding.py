"""What the desk decides of an organisation, by its page and by whatever else decides."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from marketplace.admin.operations import decide_organisation
from marketplace.audit import AuditEvent
from marketplace.db import db, writing
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations.joining_models import Decision, Verdict
from marketplace.organisations.models import Organisation, Status
from marketplace.organisations.standing import decide, possible_verdicts, set_standing
from marketplace.outbox import OutboxEntry, Topic
from tests.factories import (
    NOW,
    make_organisation,
    make_user,
)
from tests.marketplace.admin.applying import application, owner_of, standing
from tests.support.mails import mails
from tests.support.people import browser_of


def test_an_approval_makes_it_public_and_is_told(secretary, session, client):
    organisation = application(session)
    page = f"/desk/organisations/{organisation.slug}"
    assert secretary.post(page, data={"verdict": "approved"}).location == "/desk"
    assert standing(session, organisation) == Status.ACTIVE
    assert [mail["to"] for mail in mails(session)] == [owner_of(session, organisation).email]
    assert session.scalar(sa.select(OutboxEntry.payload).where(OutboxEntry.topic == Topic.SUPPLIER)) == {
        "id": organisation.id
    }
    assert session.scalar(sa.select(AuditEvent.verb)) == "organisation.standing"
    assert client.get(f"/organisations/{organisation.slug}").status_code == 200
    assert "Segreteria" in secretary.get(page).text


def test_changes_asked_make_it_a_draft_again_and_say_what(app, secretary, session):
    organisation = application(session)
    page = f"/desk/organisations/{organisation.slug}"
    data = {"verdict": "changes_asked", "reason": "Manca il recapito <b>telefonico</b>"}
    assert secretary.post(page, data=data).status_code == 302
    session.refresh(organisation)
    assert (organisation.status, organisation.submitted_at) == (Status.APPLICANT, None)
    assert "Manca il recapito <b>telefonico</b>" in mails(session)[0]["text"]
    mine = browser_of(app, owner_of(session, organisation)).get("/mine").text
    assert "Manca il recapito &lt;b&gt;telefonico&lt;/b&gt;" in mine


def test_what_was_handed_in_anew_while_the_desk_was_reading_is_read_again(app, secretary, session):
    organisation = application(session)
    page = f"/desk/organisations/{organisation.slug}"
    read = re.search(r'name="seen"[^>]* value="([^"]+)"', secretary.get(page).text)[1]
    owner = browser_of(app, owner_of(session, organisation))
    assert owner.post(f"/organisations/{organisation.slug}/take-back").status_code == 302
    session.refresh(organisation)
    organisation.name, organisation.submitted_at = "Tutt'altro", NOW + timedelta(seconds=1)
    session.commit()
    answer = secretary.post(page, data={"verdict": "approved", "seen": read})
    assert answer.status_code == 400
    assert "Tutt&#39;altro" in answer.text
    assert standing(session, organisation) == Status.APPLICANT
    again = re.search(r'name="seen"[^>]* value="([^"]+)"', answer.text)[1]
    assert secretary.post(page, data={"verdict": "approved", "seen": again}).status_code == 302
    assert standing(session, organisation) == Status.ACTIVE


@pytest.mark.parametrize("verdict", ["changes_asked", "refused"])
def test_without_a_reason_nobody_is_sent_away(secretary, session, verdict):
    organisation = application(session)
    answer = secretary.post(
        f"/desk/organisations/{organisation.slug}", data={"verdict": verdict, "reason": "  "}
    )
    assert answer.status_code == 400
    assert 'id="reason-error"' in answer.text
    assert standing(session, organisation) == Status.APPLICANT
    assert session.scalar(sa.select(Decision)) is None


def test_suspended_and_reinstated_with_the_history(secretary, session, client):
    organisation = application(session, status=Status.ACTIVE)
    page = f"/desk/organisations/{organisation.slug}"
    secretary.post(page, data={"verdict": "suspended", "reason": "Documento falso"})
    assert client.get(f"/organisations/{organisation.slug}").status_code == 404
    secretary.post(page, data={"verdict": "reinstated"})
    assert client.get(f"/organisations/{organisation.slug}").status_code == 200
    assert session.scalars(sa.select(Decision.verdict).order_by(Decision.id)).all() == [
        "suspended",
        "reinstated",
    ]
    assert "Documento falso" in secretary.get(page).text


@pytest.mark.parametrize(
    "values, verdict",
    [
        ({"submitted_at": None}, "approved"),
        ({"status": Status.ACTIVE}, "approved"),
        ({"status": Status.SUSPENDED}, "refused"),
        ({}, "reinstated"),
        ({}, "suspended"),
    ],
)
def test_a_verdict_that_makes_no_sense_changes_nothing(secretary, session, values, verdict):
    organisation = application(session, **values)
    before = organisation.status
    answer = secretary.post(
        f"/desk/organisations/{organisation.slug}", data={"verdict": verdict, "reason": "x"}
    )
    assert answer.status_code == 400
    assert standing(session, organisation) == before


def test_only_the_desk_decides_also_without_a_page(session):
    organisation = application(session)
    with pytest.raises(NotFound):
        decide_organisation(session, make_user(session), organisation, Verdict.APPROVED, "", now=NOW)


def test_the_commands_decide_in_the_same_way(session):
    organisation = application(session)
    assert set_standing(session, organisation.slug, Status.ACTIVE, now=NOW) is True
    assert set_standing(session, organisation.slug, Status.ACTIVE, now=NOW) is False
    assert set_standing(session, organisation.slug, Status.SUSPENDED, now=NOW) is True
    assert session.scalars(sa.select(Decision.verdict).order_by(Decision.id)).all() == [
        "approved",
        "suspended",
    ]
    assert len(mails(session)) == 2


def test_every_standing_has_its_verdicts(session):
    for status in Status:
        possible_verdicts(application(session, status=status))
    with pytest.raises(Invalid):
        decide(session, application(session), Verdict.REFUSED, "", actor_id=None, now=NOW)


def test_of_two_decisions_at_once_one_holds(fresh_app):
    with fresh_app.app_context():
        organisation = make_organisation(db.session, status=Status.APPLICANT, submitted_at=NOW)
        db.session.commit()
        organisation_id = organisation.id
    barrier, refused = Barrier(2), []

    def go(verdict: Verdict) -> None:
        with fresh_app.app_context(), writing():
            barrier.wait()
            found = db.session.get_one(Organisation, organisation_id)
            try:
                decide(db.session, found, verdict, "Perché sì", actor_id=None, now=NOW)
            except Conflict as error:
                db.session.rollback()
                refused.append(error)

    threads = [Thread(target=go, args=(verdict,)) for verdict in (Verdict.APPROVED, Verdict.REFUSED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with fresh_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1
    assert len(refused) == 1
