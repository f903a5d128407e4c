"""What the desk decides of an organisation, who may, and what everybody else sees before and after."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.admin.operations import decide_organisation
from marketplace.audit import AuditEvent
from marketplace.db import db, writing
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations.evidence_models import Document
from marketplace.organisations.joining_models import Decision, Verdict
from marketplace.organisations.models import MemberRole, Organisation, Status
from marketplace.organisations.standing import decide, possible_verdicts, set_standing
from marketplace.outbox import OutboxEntry, Topic
from tests.factories import (
    NOW,
    make_claim,
    make_demand,
    make_membership,
    make_offer,
    make_organisation,
    make_user,
)
from tests.support.mails import mails
from tests.support.people import browser_of, people_of


@pytest.fixture
def secretary(app, session):
    person = make_user(session, duties=("secretariat",), name="Segreteria")
    session.commit()
    return browser_of(app, person)


def application(session, **overrides) -> Organisation:
    values = {
        "name": "Cascina dei Tre Venti",
        "status": Status.APPLICANT,
        "submitted_at": NOW,
        "legal_form": "farm_individual",
        "vat_number": "00743110157",
    }
    organisation = make_organisation(session, **values | overrides)
    make_membership(session, make_user(session, name="Titolare"), organisation)
    session.commit()
    return organisation


def owner_of(session, organisation) -> User:
    return session.get_one(User, organisation.memberships[0].person_id)


def standing(session, organisation) -> str:
    session.expire_all()
    return session.get_one(Organisation, organisation.id).status


def test_the_desk_shows_what_waits_and_nothing_else(secretary, session):
    application(session)
    application(session, name="Bozza Nascosta", submitted_at=None)
    application(session, name="Antica Attiva", status=Status.ACTIVE)
    page = secretary.get("/desk").text
    assert "Cascina dei Tre Venti" in page
    assert "Bozza Nascosta" not in page
    assert "Antica Attiva" not in page


def test_a_desk_without_work_says_so(secretary):
    assert "empty-state" in secretary.get("/desk").text


def test_everything_to_decide_is_on_one_page(secretary, session):
    organisation = application(
        session,
        tax_code="00743110157",
        pec="tre@pec.example.org",
        charter_version="2026-05",
        charter_accepted_at=NOW,
        not_a_duplicate_because="È un'altra valle",
    )
    double = make_organisation(session, name="Cascina Tre Venti")
    page = secretary.get(f"/desk/organisations/{organisation.slug}").text
    for part in ("00743110157", "tre@pec.example.org", "2026-05", "Titolare", "Bergamo (BG)"):
        assert part in page
    assert f"/desk/organisations/{double.slug}" in page
    assert "un&#39;altra valle" in page
    assert 'id="map"' in page


@pytest.mark.parametrize("name", ["owner", "editor", "member", "stranger"])
def test_to_everybody_else_the_desk_does_not_exist(app, session, name):
    organisation = application(session)
    browser = getattr(people_of(app, session, organisation), name)
    for page in (
        "/desk",
        "/desk/organisations",
        f"/desk/organisations/{organisation.slug}",
        "/desk/delegations",
    ):
        assert browser.get(page).status_code == 404
    data = {"verdict": "approved", "status": "active"}
    assert browser.post(f"/desk/organisations/{organisation.slug}", data=data).status_code == 404
    assert standing(session, organisation) == Status.APPLICANT


def test_without_a_session_the_desk_leads_to_the_sign_in(client, session):
    organisation = application(session)
    assert client.get("/desk").status_code == 302
    assert (
        client.post(f"/desk/organisations/{organisation.slug}", data={"verdict": "approved"}).status_code
        == 302
    )
    assert standing(session, organisation) == Status.APPLICANT


def test_a_duty_that_is_taken_away_ends_with_the_next_request(app, session):
    person = make_user(session, duties=("administrator",))
    session.commit()
    browser = browser_of(app, person)
    assert browser.get("/desk").status_code == 200
    person.roles.clear()
    session.commit()
    assert browser.get("/desk").status_code == 404


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


def test_a_person_who_joined_is_never_public(secretary, session, client):
    person = application(session, name="Anna Rossi", legal_form="natural_person", kinds=(), vat_number=None)
    secretary.post(f"/desk/organisations/{person.slug}", data={"verdict": "approved"})
    assert standing(session, person) == Status.ENROLLED
    assert client.get(f"/organisations/{person.slug}").status_code == 404
    assert person.slug not in client.get("/api/v1/organisations.geojson").text
    secretary.post(f"/desk/organisations/{person.slug}", data={"verdict": "suspended", "reason": "x"})
    secretary.post(f"/desk/organisations/{person.slug}", data={"verdict": "reinstated"})
    assert standing(session, person) == Status.ENROLLED


@pytest.mark.parametrize("status", [Status.APPLICANT, Status.SUSPENDED, Status.REFUSED, Status.ENROLLED])
def test_nothing_of_an_organisation_is_public_before_approval(client, session, status):
    organisation = application(session, status=status, name="Cascina Invisibile")
    offer = make_offer(session, organisation, title="Zucca invisibile", category="vegetables")
    demand = make_demand(session, organisation, title="Cerchiamo farina invisibile")
    assert client.get(f"/organisations/{organisation.slug}").status_code == 404
    assert client.get(f"/offers/{offer.id}").status_code == 404
    assert client.get(f"/demands/{demand.id}").status_code == 404
    for page in (
        "/",
        "/search?q=invisibile",
        "/search?near=Bergamo",
        "/demands",
        "/suggest?q=invisib",
        "/api/v1/offers?q=invisibile",
        "/api/v1/organisations.geojson",
    ):
        answer = client.get(page)
        assert answer.status_code == 200
        # the page of a search repeats the words that were sought
        for name in ("Cascina Invisibile", "Zucca invisibile", "farina invisibile", organisation.slug):
            assert name not in answer.text, page


def test_the_list_finds_by_name_and_standing_and_shows_no_drafts(secretary, session):
    application(session)
    application(session, name="Perugia in bozza", submitted_at=None)
    application(session, name="Però che pane", status=Status.SUSPENDED)
    assert "Però che pane" in secretary.get("/desk/organisations?q=pero").text
    page = secretary.get("/desk/organisations?status=suspended").text
    assert "Però che pane" in page
    assert "Tre Venti" not in page
    assert "in bozza" not in secretary.get("/desk/organisations").text
    for odd in ("page=0", "page=10000000000", "page=-1", "page=²", "status=emperor", "q=%00"):
        assert secretary.get(f"/desk/organisations?{odd}").status_code == 200


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


def test_members_of_an_applicant_see_what_the_rest_does_not(app, session):
    organisation = application(session)
    people = people_of(app, session, organisation)
    assert organisation.name in people.member.get("/mine").text
    assert organisation.name not in people.stranger.get("/mine").text
    assert MemberRole.MEMBER in {m.role for m in organisation.memberships}


def test_claims_that_wait_and_documents_are_on_the_desk(secretary, session):
    organisation = application(session, status=Status.ACTIVE)
    claim = make_claim(session, organisation, verified=False)
    document = Document(
        organisation_id=organisation.id,
        title="Certificato",
        file_name="c.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        stored_as="00/00",
        uploaded_at=NOW,
    )
    session.add(document)
    session.commit()
    assert f"/claims/{claim.id}/check" in secretary.get("/desk").text
    assert f"/documents/{document.id}" in secretary.get(f"/desk/organisations/{organisation.slug}").text
