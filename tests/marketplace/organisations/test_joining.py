"""From the first page to the application on the desk: left, resumed, handed in, taken back, given up."""

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.organisations.joining_models import ProductionPlace
from marketplace.organisations.member_types import MEMBER_TYPES
from marketplace.organisations.models import Kind, MemberRole, Membership, Organisation, Status
from marketplace.outbox import OutboxEntry
from tests.factories import NOW, make_membership, make_organisation, make_production_place, make_user
from tests.support.mails import mails
from tests.support.people import browser_of, people_of

IDENTITY = {
    "name": "Cascina dei Tre Venti",
    "kinds": ["producer"],
    "legal_form": "farm_individual",
    "vat_number": "IT 00743110157",
    "tax_code": "",
}
#: In the comune of Bergamo.
SEAT = {"near": "Bergamo (BG)", "address": "via Borgo Canale 1", "lat": "45.7040", "lon": "9.6560"}
CONTACTS = {"summary": "Ortaggi", "email": "info@example.org", "phone": ""}


@pytest.fixture
def applicant(session):
    person = make_user(session)
    session.commit()
    return person


@pytest.fixture
def browser(app, applicant):
    return browser_of(app, applicant)


def the_organisation(session) -> Organisation:
    session.expire_all()
    return session.scalar(sa.select(Organisation).where(Organisation.name == IDENTITY["name"]))


def draft(session, person, **overrides) -> Organisation:
    values = {
        "status": Status.APPLICANT,
        "legal_form": "farm_individual",
        "vat_number": "00743110157",
        "email": "info@example.org",
    }
    organisation = make_organisation(session, **values | overrides)
    make_membership(session, person, organisation, MemberRole.OWNER)
    session.commit()
    return organisation


def test_an_application_is_filled_in_step_by_step_and_handed_in(browser, session):
    answer = browser.post("/organisations/new", data=IDENTITY)
    assert answer.location == "/organisations/cascina-dei-tre-venti/profile/seat"
    at = "/organisations/cascina-dei-tre-venti/profile"
    assert browser.post(f"{at}/seat", data=SEAT).location == f"{at}/places"
    field = {"name": "Orto basso", "activity": "grown", "near": "Bergamo (BG)"}
    assert browser.post(f"{at}/places", data=field).location == f"{at}/places"
    assert browser.post(f"{at}/contacts", data=CONTACTS).location == f"{at}/charter"
    assert browser.post(f"{at}/charter", data={}).location == "/mine"
    organisation = the_organisation(session)
    assert (organisation.status, organisation.vat_number) == (Status.APPLICANT, "00743110157")
    assert organisation.submitted_at is not None
    assert (organisation.comune, organisation.lat, organisation.lon) == ("016024", 45.704, 9.656)
    assert session.scalar(sa.select(ProductionPlace.name)) == "Orto basso"
    assert organisation.memberships[0].role == MemberRole.OWNER
    assert "Cascina dei Tre Venti" in browser.get("/mine").text


def test_a_draft_is_resumed_from_the_page_of_ones_own_organisations(browser, session):
    browser.post("/organisations/new", data=IDENTITY)
    assert the_organisation(session).submitted_at is None
    for page in ("/mine", "/join"):
        assert "/organisations/cascina-dei-tre-venti/profile/charter" in browser.get(page).text


def test_what_is_not_complete_is_not_handed_in(browser, session):
    browser.post("/organisations/new", data=IDENTITY)
    answer = browser.post("/organisations/cascina-dei-tre-venti/profile/charter", data={})
    assert answer.status_code == 200
    assert "/profile/seat" in answer.text
    assert the_organisation(session).submitted_at is None


def test_the_desk_is_told_of_an_application_by_mail(browser, session, applicant):
    secretary = make_user(session, duties=("secretariat",))
    organisation = draft(session, applicant)
    browser.post(f"/organisations/{organisation.slug}/profile/charter", data={})
    (mail,) = mails(session)
    assert mail["to"] == secretary.email
    assert f"/desk/organisations/{organisation.slug}" in mail["text"]


def test_adherence_keeps_the_text_and_the_moment(app, browser, session, applicant):
    organisation = draft(session, applicant)
    app.config["CHARTER_VERSION"] = "2026-05"
    try:
        page = f"/organisations/{organisation.slug}/profile/charter"
        assert browser.post(page, data={}).status_code == 200
        session.refresh(organisation)
        assert organisation.submitted_at is None
        assert browser.post(page, data={"accepted": "y"}).status_code == 302
    finally:
        app.config["CHARTER_VERSION"] = ""
    session.refresh(organisation)
    assert organisation.charter_version == "2026-05"
    assert organisation.charter_accepted_at == organisation.submitted_at


@pytest.mark.parametrize(
    "change, field",
    [
        ({"vat_number": "00743110158"}, "vat_number"),
        ({"vat_number": ""}, "vat_number"),
        ({"tax_code": "RSSMRA80A01F205"}, "tax_code"),
        ({"kinds": []}, "kinds"),
        ({"name": " "}, "name"),
        ({"legal_form": "empire"}, "legal_form"),
        ({"legal_form": "association", "vat_number": ""}, "tax_code"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(browser, session, change, field):
    answer = browser.post("/organisations/new", data=IDENTITY | change)
    assert answer.status_code == 200
    assert f'id="{field}-error"' in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 0


def test_an_informal_group_needs_no_number(browser, session):
    values = IDENTITY | {"kinds": ["buying_group"], "legal_form": "informal_group", "vat_number": ""}
    assert browser.post("/organisations/new", data=values).status_code == 302
    assert the_organisation(session).vat_number is None


def test_a_person_joins_for_oneself_with_a_tax_code(browser, session):
    values = IDENTITY | {
        "kinds": [],
        "legal_form": "natural_person",
        "vat_number": "",
        "tax_code": "rssmra80a01f205x",
    }
    assert browser.post("/organisations/new", data=values).status_code == 302
    assert the_organisation(session).tax_code == "RSSMRA80A01F205X"


@pytest.mark.parametrize("code", MEMBER_TYPES)
def test_every_kind_of_member_of_the_leaflet_finds_its_first_answers(browser, code):
    page = browser.get(f"/organisations/new?as={code}").text
    assert browser.get("/join").text.count(f'as={code}"') == 1
    for kind in MEMBER_TYPES[code].kinds:
        assert f'value="{kind}"' in page
    if MEMBER_TYPES[code].legal_form:
        assert f'<option selected value="{MEMBER_TYPES[code].legal_form}">' in page


def test_the_words_of_the_leaflet_have_a_kind_of_member_each():
    leaflet = {
        "person", "association", "local_authority", "third_sector", "sub_district", "buying_group", "csa",
        "time_bank", "ethical_finance", "mutual_aid", "fair_trade", "school", "union", "trade_association",
        "chamber", "social_enterprise", "social_coop", "economic",
    }  # fmt: skip
    assert leaflet <= set(MEMBER_TYPES)
    assert {kind for one in MEMBER_TYPES.values() for kind in one.kinds} == set(Kind)


def test_without_a_point_the_middle_of_the_comune_is_shown_to_be_moved(browser, session, applicant):
    organisation = draft(session, applicant, lat=None, lon=None, comune=None, province=None)
    page = f"/organisations/{organisation.slug}/profile/seat"
    assert browser.post(page, data={"near": "Clusone"}).location == page
    session.refresh(organisation)
    assert organisation.comune == "016077"
    assert f'value="{organisation.lat:.4f}'[:12] in browser.get(page).text


def test_a_point_in_another_comune_must_be_confirmed(browser, session, applicant):
    organisation = draft(session, applicant)
    page = f"/organisations/{organisation.slug}/profile/seat"
    elsewhere = SEAT | {"near": "Clusone"}
    answer = browser.post(page, data=elsewhere)
    assert answer.status_code == 200
    assert 'name="near_confirmed"' in answer.text
    assert browser.post(page, data=elsewhere | {"near_confirmed": "y"}).status_code == 302
    session.refresh(organisation)
    assert (organisation.comune, organisation.lat) == ("016077", 45.704)


@pytest.mark.parametrize(
    "lat, lon", [("91", "9"), ("45", ""), ("", "9"), ("NaN", "9"), ("1e1", "9"), ("9.66", "45.69")]
)
def test_a_point_that_is_none_is_refused(browser, session, applicant, lat, lon):
    organisation = draft(session, applicant)
    page = f"/organisations/{organisation.slug}/profile/seat"
    assert browser.post(page, data=SEAT | {"lat": lat, "lon": lon}).status_code == 200
    session.refresh(organisation)
    assert organisation.lat == 45.69525


def test_while_the_district_looks_at_it_nothing_changes_until_it_is_taken_back(browser, session, applicant):
    organisation = draft(session, applicant, submitted_at=NOW)
    at = f"/organisations/{organisation.slug}"
    assert browser.post(f"{at}/profile/contacts", data=CONTACTS | {"summary": "Altro"}).status_code == 409
    assert browser.post(f"{at}/profile/identity", data=IDENTITY).status_code == 409
    assert browser.post(f"{at}/take-back").status_code == 302
    assert browser.post(f"{at}/profile/contacts", data=CONTACTS | {"summary": "Altro"}).status_code == 302
    session.refresh(organisation)
    assert (organisation.submitted_at, organisation.summary) == (None, "Altro")


def test_a_draft_is_given_up_and_an_organisation_is_not(browser, session, applicant):
    organisation, active = draft(session, applicant), draft(session, applicant, status=Status.ACTIVE)
    assert browser.post(f"/organisations/{active.slug}/discard").status_code == 409
    assert browser.post(f"/organisations/{organisation.slug}/discard").status_code == 302
    session.expire_all()
    assert session.scalars(sa.select(Organisation.slug)).all() == [active.slug]


def test_name_and_numbers_of_an_approved_organisation_are_settled(browser, session, applicant):
    active = draft(session, applicant, status=Status.ACTIVE)
    assert browser.post(f"/organisations/{active.slug}/profile/identity", data=IDENTITY).status_code == 409


def test_extra_fields_are_never_stored(browser, session):
    extra = {
        "status": "active", "id": "77", "submitted_at": "2020-01-01", "demo": "1", "slug": "mia", "role": "member",
        "organisation_id": "1", "charter_version": "x",
    }  # fmt: skip
    browser.post("/organisations/new", data=IDENTITY | extra)
    organisation = the_organisation(session)
    browser.post(f"/organisations/{organisation.slug}/profile/seat", data=SEAT | extra)
    browser.post(f"/organisations/{organisation.slug}/profile/contacts", data=CONTACTS | extra)
    organisation = the_organisation(session)
    assert (organisation.status, organisation.submitted_at, organisation.demo) == ("applicant", None, False)
    assert organisation.id != 77
    assert organisation.slug != "mia"
    assert organisation.charter_version is None
    assert organisation.memberships[0].role == MemberRole.OWNER


def test_the_pages_of_an_application_are_its_peoples_only(app, session):
    organisation = make_organisation(session, status=Status.APPLICANT)
    place = make_production_place(session, organisation)
    people = people_of(app, session, organisation)
    at = f"/organisations/{organisation.slug}/profile"
    for step in ("identity", "seat", "places", "contacts"):
        assert people.owner.get(f"{at}/{step}").status_code == 200
        assert people.editor.get(f"{at}/{step}").status_code == 200
        assert people.member.get(f"{at}/{step}").status_code == 403
        assert people.stranger.get(f"{at}/{step}").status_code == 404
        assert people.anonymous.get(f"{at}/{step}").status_code == 302
    assert people.editor.post(f"{at}/charter").status_code == 403
    assert people.stranger.post(f"/production-places/{place.id}/remove").status_code == 404
    assert session.get(ProductionPlace, place.id) is not None


def test_a_role_that_is_taken_away_ends_with_the_next_request(app, session):
    organisation = make_organisation(session)
    people = people_of(app, session, organisation)
    page = f"/organisations/{organisation.slug}/profile/contacts"
    assert people.editor.get(page).status_code == 200
    membership = session.get(Membership, (people.persons["editor"].id, organisation.id))
    membership.role = MemberRole.MEMBER
    session.commit()
    assert people.editor.post(page, data=CONTACTS).status_code == 403
    session.delete(membership)
    session.commit()
    assert people.editor.get(page).status_code == 404


def test_what_an_approved_organisation_changes_is_told_to_the_index_and_kept(browser, session, applicant):
    organisation = draft(session, applicant, status=Status.ACTIVE)
    browser.post(
        f"/organisations/{organisation.slug}/profile/contacts", data=CONTACTS | {"phone": "035 123456"}
    )
    session.refresh(organisation)
    assert organisation.phone == "035 123456"
    assert session.scalar(sa.select(OutboxEntry.payload)) == {"id": organisation.id}
    assert session.scalar(sa.select(AuditEvent.verb)) == "organisation.changed"


def test_one_person_has_few_drafts_at_a_time(browser, session, applicant):
    for _ in range(5):
        draft(session, applicant, vat_number=None)
    assert browser.post("/organisations/new", data=IDENTITY).status_code == 200
    assert the_organisation(session) is None


def test_without_any_contact_nobody_goes_on(browser, session, applicant):
    organisation = draft(session, applicant)
    page = f"/organisations/{organisation.slug}/profile/contacts"
    answer = browser.post(page, data={"summary": "Ortaggi", "email": "", "phone": ""})
    assert answer.status_code == 200
    assert 'id="email-error"' in answer.text
