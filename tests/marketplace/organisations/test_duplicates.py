"""Near-duplicates: what makes two organisations one, and that a second one is not made without a word."""

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from geo.distance import haversine_km
from geo.points import Point
from marketplace.organisations.duplicates import Known, Why, name_words, near_duplicates
from marketplace.organisations.models import MemberRole, Organisation, Status
from marketplace.outbox import OutboxEntry
from tests.factories import make_membership, make_organisation, make_user
from tests.support.people import browser_of

HERE = Point(45.69525, 9.66951)


def north(metres: float) -> Point:
    return Point(HERE.lat + metres / haversine_km(HERE, Point(HERE.lat + 1, HERE.lon)) / 1000, HERE.lon)


def why(one: Known, other: Known) -> tuple[Why, ...]:
    return next((found.why for found in near_duplicates(one, [other])), ())


def test_the_same_number_is_the_same_organisation_whatever_its_name():
    one, other = Known(None, "La Ruota", "00743110157"), Known(1, "Tre Gelsi", "00743110157")
    assert why(one, other) == (Why.VAT_NUMBER,)
    assert why(Known(None, "A", None, "95000120162"), Known(1, "B", None, "95000120162")) == (Why.TAX_CODE,)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Cooperativa Sociale La Ruota", "La Ruota soc. coop. sociale"),
        ("La Ruota S.C.S.", "La ruota"),
        ("Azienda agricola Tre Gelsi di Rossi Anna", "Tre Gelsi - Rossi Anna"),
        ("Cascina Bellavista", "Cascina Belavista"),
        ("GAS Valtesse", "Gruppo di Acquisto Solidale Valtesse"),
    ],
)
def test_nearly_the_same_name_is_seen_wherever_they_are(one, other):
    assert Why.NAME in why(Known(None, one), Known(1, other))


@pytest.mark.parametrize("one, other", [("La Ruota", "La Rupe"), ("Cascina Sole", "Cascina Luna")])
def test_names_that_only_begin_alike_are_not_the_same(one, other):
    assert why(Known(None, one), Known(1, other)) == ()


def test_a_similar_name_counts_within_two_hundred_metres():
    one = Known(None, "Forno del Borgo", point=HERE)
    assert why(one, Known(1, "Forno di Borgo Palazzo", point=north(199))) == (Why.NAME, Why.PLACE)
    assert why(one, Known(1, "Forno di Borgo Palazzo", point=north(201))) == ()
    assert why(one, Known(1, "Studio legale Verdi", point=north(10))) == ()


def test_an_organisation_is_no_duplicate_of_itself():
    assert near_duplicates(Known(7, "La Ruota"), [Known(7, "La Ruota")]) == []


def test_the_most_probable_comes_first():
    one = Known(None, "La Ruota", "00743110157", point=HERE)
    others = [Known(1, "La Ruota"), Known(2, "La Ruota", "00743110157", point=north(5))]
    assert [found.id for found in near_duplicates(one, others)] == [2, 1]


@given(st.text(max_size=60), st.text(max_size=60))
def test_it_is_the_same_either_way_round_for_the_same_words(one, other):
    found = near_duplicates(Known(None, one), [Known(1, other)])
    assert all(0 <= duplicate.alike <= 1 for duplicate in found)
    if name_words(one) and name_words(one) == name_words(other):
        assert found[0].why == (Why.NAME,)


IDENTITY = {
    "name": "La Ruota cooperativa sociale",
    "kinds": ["producer"],
    "legal_form": "social_coop_b",
    "vat_number": "00743110157",
}


@pytest.fixture
def existing(session):
    organisation = make_organisation(session, name="La Ruota", slug="la-ruota")
    owner = make_user(session)
    make_membership(session, owner, organisation, MemberRole.OWNER)
    session.commit()
    return organisation, owner


@pytest.fixture
def person(session):
    made = make_user(session)
    session.commit()
    return made


def test_who_is_here_already_is_shown_before_a_second_one_is_made(app, session, existing, person):
    browser = browser_of(app, person)
    answer = browser.post("/organisations/new", data=IDENTITY)
    assert answer.status_code == 200
    assert "/organisations/la-ruota/belong" in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 1
    reason = {"not_a_duplicate_because": "Stesso nome, altra provincia"}
    assert browser.post("/organisations/new", data=IDENTITY | reason).status_code == 302
    made = session.scalar(sa.select(Organisation).where(Organisation.slug != "la-ruota"))
    assert made.not_a_duplicate_because == "Stesso nome, altra provincia"


def test_a_neighbour_found_later_stops_the_handing_in_until_it_is_explained(app, session, person):
    make_organisation(session, name="Forno del Borgo Palazzo")
    draft = make_organisation(
        session,
        name="Forno di Borgo",
        status=Status.APPLICANT,
        legal_form="sole_trader",
        vat_number="00743110157",
        email="forno@example.org",
    )
    make_membership(session, person, draft)
    browser = browser_of(app, person)
    page = f"/organisations/{draft.slug}/profile/charter"
    assert browser.post(page).status_code == 200
    session.refresh(draft)
    assert draft.submitted_at is None
    draft.not_a_duplicate_because = "Sono due forni"
    session.commit()
    assert browser.post(page).status_code == 302


def test_applications_of_others_are_not_given_away(app, session, person):
    make_organisation(session, name="La Ruota", status=Status.APPLICANT)
    browser = browser_of(app, person)
    assert browser.post("/organisations/new", data=IDENTITY).status_code == 302


def test_asking_to_belong_writes_to_the_owners_once_a_day(app, session, existing, person):
    organisation, owner = existing
    browser = browser_of(app, person)
    page = f"/organisations/{organisation.slug}/belong"
    assert browser.get(page).status_code == 200
    assert browser.post(page, data={"words": "Sono <b>Anna</b>"}).status_code == 302
    mail = session.scalar(sa.select(OutboxEntry)).payload
    assert (mail["to"], mail["reply_to"]) == (owner.email, person.email)
    assert "Sono <b>Anna</b>" in mail["text"]
    assert mail["html"] is None
    assert browser.post(page, data={"words": "Ancora"}).status_code == 200
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) == 1


def test_nobody_asks_to_belong_to_what_is_not_public(app, session, person):
    hidden = make_organisation(session, status=Status.SUSPENDED)
    browser = browser_of(app, person)
    assert browser.get(f"/organisations/{hidden.slug}/belong").status_code == 404
    assert browser.post(f"/organisations/{hidden.slug}/belong", data={"words": "x"}).status_code == 404
