"""The account page: name, language, own data, erasure."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.accounts.queries import own_data
from marketplace.audit import AuditEvent
from marketplace.notices.models import MailPreference
from marketplace.orders.models import Shift
from marketplace.organisations.models import MemberRole, Membership
from marketplace.outbox import OutboxEntry
from tests.answer_factories import make_question
from tests.factories import (
    NOW,
    make_cycle,
    make_demand,
    make_demand_draft,
    make_household,
    make_membership,
    make_organisation,
)
from tests.marketplace.accounts.people import is_signed_in, make_person, sign_in


@pytest.fixture
def person(session, client):
    person = make_person(session, name="Ada Esempio", us_phone_number="+390000000")
    sign_in(client, person.email)
    return person


def test_name_and_language_can_be_changed(client, person):
    client.post("/account", data={"name": " Ada Nuova ", "locale": "en"})
    assert (person.name, person.locale) == ("Ada Nuova", "en")
    assert 'lang="en"' in client.get("/account").text


@pytest.mark.parametrize(
    "changed", [{"name": ""}, {"name": "x" * 121}, {"name": "a\x00b"}, {"locale": "xx"}, {"locale": ""}]
)
def test_what_is_wrong_changes_nothing(client, person, changed):
    answer = client.post("/account", data={"name": "Ada Nuova", "locale": "en"} | changed)
    assert answer.status_code == 200
    assert person.name == "Ada Esempio"


def test_nothing_else_can_be_changed_there(client, person):
    before = person.email, person.fs_uniquifier, person.active
    extra = {
        "email": "other@example.org",
        "fs_uniquifier": "x",
        "active": "",
        "roles": "administrator",
        "id": "1",
    }
    client.post("/account", data={"name": "Ada Nuova", "locale": "it"} | extra)
    assert (person.email, person.fs_uniquifier, person.active) == before
    assert person.roles == []


def test_the_export_holds_what_is_kept_and_no_secret(client, person, session):
    organisation = make_organisation(session, name="Cascina di prova")
    make_membership(session, person, organisation, MemberRole.EDITOR)
    make_demand(session, organisation, author_id=person.id, title="Mele per la mensa")
    answer = client.get("/account/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = answer.json
    assert data["account"]["email"] == person.email
    assert data["memberships"][0]["name"] == "Cascina di prova"
    assert data["demands"][0]["title"] == "Mele per la mensa"
    assert "signed_in" in {action["verb"] for action in data["actions"]}
    assert person.password not in answer.text
    assert person.fs_uniquifier not in answer.text


def test_the_export_holds_what_was_decided_drafted_asked_and_paid(person, session):
    group = make_organisation(session, kinds=("buying_group",))
    home = make_household(session, group, person)
    shift = Shift(
        place_id=make_cycle(session, group).groups[0].places[0].id,
        household_id=home.id,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=2),
        note="Porto la bilancia",
    )
    session.add_all([shift, MailPreference(person_id=person.id, kind="messages", wanted=False, at=NOW)])
    make_demand_draft(session, group, author_id=person.id, title="Arance a metà")
    make_question(session, make_demand(session, group), group, asked_by_id=person.id, text="Anche il sabato?")
    session.commit()
    found = own_data(session, person)
    assert found["mail_preferences"] == [{"kind": "messages", "wanted": False, "at": NOW.isoformat()}]
    assert found["demand_drafts"][0]["title"] == "Arance a metà"
    assert found["questions"][0]["text"] == "Anche il sabato?"
    assert found["shifts"][0]["note"] == "Porto la bilancia"
    assert found["cassa"] == found["alerts"] == []


def test_the_export_is_of_nobody_else(session):
    one, other = make_person(session), make_person(session, name="Altra Persona")
    assert "Altra Persona" not in json.dumps(own_data(session, one))
    assert other.email not in json.dumps(own_data(session, one))


def test_erasing_forgets_who_it_was_and_keeps_what_was_done(client, person, session):
    organisation = make_organisation(session)
    make_membership(session, make_person(session), organisation)
    make_membership(session, person, organisation)
    demand = make_demand(session, organisation, author_id=person.id)
    email, number = person.email, person.id
    client.post("/login/link", data={"email": email})

    assert client.post("/account/erase", data={"email": email.upper()}).status_code == 302

    assert not is_signed_in(client)
    row = session.execute(sa.select(User.__table__).where(User.id == number)).one()
    assert email not in str(row)
    assert "Ada" not in str(row)
    assert "+39" not in str(row)
    assert not row.active
    assert session.scalar(sa.select(sa.func.count()).where(Membership.person_id == number)) == 0
    assert all(email not in json.dumps(entry.payload) for entry in session.scalars(sa.select(OutboxEntry)))
    assert demand.author_id == number
    assert (
        "erased_account"
        in session.scalars(sa.select(AuditEvent.verb).where(AuditEvent.actor_id == number)).all()
    )


def test_erasing_needs_the_address_typed(client, person):
    answer = client.post("/account/erase", data={"email": "other@example.org"})
    assert answer.status_code == 200
    assert is_signed_in(client)
    assert client.get("/account/erase").status_code == 200


def test_the_only_owner_of_an_organisation_cannot_leave_it_alone(client, person, session):
    make_membership(session, person, make_organisation(session))
    answer = client.post("/account/erase", data={"email": person.email})
    assert answer.status_code == 409
    assert is_signed_in(client)


def test_an_erased_person_can_come_back_as_somebody_new(client, person, session):
    email = person.email
    client.post("/account/erase", data={"email": email})
    client.post("/register", data={"name": "Ada", "email": email, "password": "quattro parole messe insieme"})
    assert session.scalar(sa.select(User).where(User.email == email)).id != person.id
