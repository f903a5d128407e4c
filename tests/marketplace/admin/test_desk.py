"""What the desk shows, and to whom."""

import pytest

from marketplace.organisations.evidence_models import Document
from marketplace.organisations.models import Status
from tests.factories import (
    NOW,
    make_claim,
    make_organisation,
    make_user,
)
from tests.marketplace.admin.applying import application, standing
from tests.support.people import browser_of, people_of


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
