"""Publishing an offer: who may, what is kept, what is refused beside its field."""

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.catalogue.models import Offer
from marketplace.organisations.models import Status
from marketplace.outbox import OutboxEntry
from tests.factories import make_claim, make_organisation
from tests.marketplace.catalogue.forms_filled import offer_data
from tests.support.people import people_of


@pytest.fixture
def dairy(session):
    return make_organisation(session, slug="caseificio")


@pytest.fixture
def people(app, session, dairy):
    return people_of(app, session, dairy)


def offers(session):
    session.expire_all()
    return session.scalars(sa.select(Offer).order_by(Offer.id)).all()


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_who_edits_publishes_and_everybody_reads_it(people, session, who):
    answer = getattr(people, who).post("/organisations/caseificio/offers/new", data=offer_data())
    (offer,) = offers(session)
    assert (answer.status_code, answer.location) == (302, f"/offers/{offer.id}")
    assert (offer.title, offer.price, offer.vat_rate, offer.status) == (
        "Formaggella di capra",
        125_000,
        400,
        "published",
    )
    assert "Formaggella di capra" in people.anonymous.get(f"/offers/{offer.id}").text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_others_do_not_publish(people, session, who, status, method):
    answer = getattr(getattr(people, who), method)("/organisations/caseificio/offers/new", data=offer_data())
    assert answer.status_code == status
    assert offers(session) == []


def test_an_organisation_that_is_not_approved_publishes_nothing(people, session, dairy):
    dairy.status = Status.APPLICANT
    session.commit()
    assert people.owner.post("/organisations/caseificio/offers/new", data=offer_data()).status_code == 409
    assert offers(session) == []


def test_publishing_is_audited_and_told_to_the_index(people, session, dairy):
    people.owner.post("/organisations/caseificio/offers/new", data=offer_data())
    event = session.scalars(sa.select(AuditEvent)).one()
    assert (event.verb, event.actor_id) == ("offer.published", people.persons["owner"].id)
    entry = session.scalars(sa.select(OutboxEntry)).one()
    assert str(dairy.id) in str(entry.payload)


def test_fields_that_are_not_of_the_form_are_not_stored(people, session, dairy):
    other = make_organisation(session)
    session.commit()
    extra = {"organisation_id": other.id, "status": "withdrawn", "id": 77, "role": "owner", "total_cents": 1}
    people.owner.post(
        "/organisations/caseificio/offers/new", data=offer_data(**extra, version="9", vat_rate="0")
    )
    (offer,) = offers(session)
    assert offer.organisation_id == dairy.id
    assert (offer.status, offer.version, offer.vat_rate) == ("published", 1, 400)
    assert offer.id != 77


@pytest.mark.parametrize(
    "strange",
    ["NaN", "Infinity", "1e5", "-0", "-1", "１２", "1_000", "10" * 15, "12,50,1", "0x10", "²", "1.234"],
)
@pytest.mark.parametrize("field", ["price", "box_size", "available"])
def test_a_strange_number_is_refused_beside_its_field(people, session, field, strange):
    answer = people.owner.post("/organisations/caseificio/offers/new", data=offer_data(**{field: strange}))
    assert answer.status_code == 200
    assert f'id="{field}-error"' in answer.text
    assert offers(session) == []


@pytest.mark.parametrize(
    "typed, kept", [("12,5", 125_000), (" 5 ", 50_000), ("2,675", 26_750), ("", None), ("0", 0)]
)
def test_a_price_is_kept_in_ten_thousandths_and_none_is_on_request(people, session, typed, kept):
    people.owner.post("/organisations/caseificio/offers/new", data=offer_data(price=typed))
    assert offers(session)[0].price == kept


@pytest.mark.parametrize(
    "field, value",
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 161),
        ("category", ""),
        ("category", "no.such"),
        ("unit", "parsec"),
        ("vat_treatment", "vat_99"),
        ("months", "13"),
        ("lead_time_days", "366"),
        ("description", "x" * 10_001),
    ],
)
def test_what_the_form_cannot_take_is_said_beside_its_field(people, session, field, value):
    answer = people.owner.post("/organisations/caseificio/offers/new", data=offer_data(**{field: value}))
    assert f'id="{field}-error"' in answer.text
    assert offers(session) == []


def test_a_text_with_characters_that_nobody_can_type_is_kept_without_them(people, session):
    people.owner.post(
        "/organisations/caseificio/offers/new",
        data=offer_data(title="Mele\x00  renette", description="a\x00\r\nb"),
    )
    (offer,) = offers(session)
    assert (offer.title, offer.description) == ("Mele renette", "a\nb")


@pytest.mark.parametrize("field", ["title", "description"])
def test_organic_is_certified_or_not_said(people, session, field):
    answer = people.owner.post(
        "/organisations/caseificio/offers/new", data=offer_data(**{field: "Mele biologiche"})
    )
    assert f'id="{field}-error"' in answer.text
    assert "agroecologic" in answer.text
    assert offers(session) == []


def test_who_holds_a_valid_certificate_may_say_organic(people, session, dairy):
    make_claim(session, dairy, verified=False)
    session.commit()
    people.owner.post("/organisations/caseificio/offers/new", data=offer_data(title="Mele biologiche"))
    assert offers(session)[0].title == "Mele biologiche"


def test_an_expired_certificate_or_a_declaration_does_not_allow_the_word(people, session, dairy):
    from datetime import date

    make_claim(session, dairy, expires=date(2020, 1, 1))
    make_claim(session, dairy, criterion="agroecology", proof="declared", expires=None)
    session.commit()
    people.owner.post("/organisations/caseificio/offers/new", data=offer_data(title="Mele biologiche"))
    assert offers(session) == []
