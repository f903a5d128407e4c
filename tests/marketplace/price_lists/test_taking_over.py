"""The supplier of a private list: invited once, unseen by others, who takes the list over with its history."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.audit import AuditEvent
from marketplace.catalogue.import_models import ImportMapping, PrivateListItem
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.organisations.models import Kind, MemberRole, Status
from tests.factories import NOW, make_membership, make_offer, make_organisation, make_private_list, make_user
from tests.marketplace.price_lists.test_wizard import through, upload
from tests.support.mails import mails
from tests.support.people import browser_of, people_of

ADDRESS = "agrumeto@example.org"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def group(session):
    return make_organisation(session, slug="gas", name="GAS Prova", kinds=(Kind.BUYING_GROUP,))


@pytest.fixture
def people(app, session, group):
    return people_of(app, session, group)


@pytest.fixture
def kept(session, group):
    made = make_private_list(session, group, supplier_name="Agrumeto")
    for key, title, active in (("A1", "Arance bio", True), ("A2", "Limoni", True), ("A3", "Cedri", False)):
        session.add(
            PrivateListItem(
                list_id=made.id, key=key, title=title, unit="kg", price=18_000, active=active, updated_at=NOW
            )
        )
    session.add(
        ImportMapping(
            organisation_id=group.id, target=f"list:{made.id}", signature="s", mapping={}, updated_at=NOW
        )
    )
    session.commit()
    return made


@pytest.fixture
def supplier(app, session):
    """The supplier's organisation and the browser of its owner."""
    organisation = make_organisation(session, slug="agrumeto", name="Agrumeto")
    person = make_user(session)
    make_membership(session, person, organisation, MemberRole.OWNER)
    session.commit()
    return organisation, browser_of(app, person)


def invited(people, session, kept):
    """The path of the link that the mail carries."""
    people.editor.post(f"/lists/{kept.id}/invite", data={"supplier_email": ADDRESS})
    return re.search(r"/take-over/[\w-]{40,}", mails(session)[-1]["text"])[0]


def test_the_mail_names_the_group_and_no_address_and_says_how_to_have_no_more(people, session, kept):
    at = invited(people, session, kept)
    (mail,) = mails(session)
    assert mail["to"] == ADDRESS
    assert "GAS Prova" in mail["text"]
    assert not any(person.email in mail["text"] for person in people.persons.values())
    assert mail["reply_to"] is None
    assert mail["unsubscribe"].endswith(f"{at}/stop")
    assert ADDRESS not in people.anonymous.get(at).text
    session.refresh(kept)
    assert at.rsplit("/", 1)[1] not in kept.invitation_hash


@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_others_do_not_invite(people, session, kept, who, status):
    answer = getattr(people, who).post(f"/lists/{kept.id}/invite", data={"supplier_email": ADDRESS})
    assert (answer.status_code, mails(session)) == (status, [])


def test_a_supplier_is_not_pestered(people, session, kept, group, today):
    other = make_private_list(session, group)
    at = invited(people, session, kept)
    people.editor.post(f"/lists/{kept.id}/invite", data={"supplier_email": ADDRESS})
    assert len(mails(session)) == 1
    assert people.anonymous.get(f"{at}/stop").status_code == 200
    assert people.anonymous.get(at).status_code == 200
    assert people.anonymous.post(f"{at}/stop").status_code == 200
    assert people.anonymous.get(at).status_code == 404
    today.shift(timedelta(days=8))
    for list_id in (kept.id, other.id):
        people.editor.post(f"/lists/{list_id}/invite", data={"supplier_email": ADDRESS.upper()})
    assert len(mails(session)) == 1


def test_who_wants_no_mail_gets_none_after_the_list_was_sent_to_another_address(people, session, kept, today):
    people.anonymous.post(f"{invited(people, session, kept)}/stop")
    for address in ("another@example.org", ADDRESS):
        today.shift(timedelta(days=8))
        people.editor.post(f"/lists/{kept.id}/invite", data={"supplier_email": address})
    assert [mail["to"] for mail in mails(session)] == [ADDRESS, "another@example.org"]


def test_a_group_invites_a_few_suppliers_in_a_day(people, session, group):
    lists = [make_private_list(session, group) for _ in range(12)]
    session.commit()
    for number, one in enumerate(lists):
        people.owner.post(f"/lists/{one.id}/invite", data={"supplier_email": f"s{number}@example.org"})
    assert len(mails(session)) == 10


def test_the_lines_become_drafts_and_the_group_goes_on_reading_its_list(
    people, session, kept, supplier, group
):
    organisation, browser = supplier
    make_offer(session, organisation, title="limoni")
    session.commit()
    at = invited(people, session, kept)
    page = browser.get(at).text
    assert "Agrumeto" in page
    answer = browser.post(at, data={"into": "agrumeto"}, follow_redirects=True)
    assert "Arance bio" in answer.text
    offers = session.scalars(sa.select(Offer).where(Offer.key.is_not(None)).order_by(Offer.key)).all()
    assert [(o.key, o.title, o.price, o.status) for o in offers] == [
        ("A1", "Arance bio", 18_000, OfferStatus.DRAFT),
        ("A3", "Cedri", 18_000, OfferStatus.WITHDRAWN),
    ]
    assert browser.post(f"/offers/{offers[0].id}/republish").location == f"/offers/{offers[0].id}/edit"
    session.expire_all()
    assert offers[0].status == OfferStatus.DRAFT
    assert (kept.taken_over_by_id, kept.taken_over_at, kept.invitation_hash) == (organisation.id, NOW, None)
    mappings = session.scalars(sa.select(ImportMapping.organisation_id).order_by(ImportMapping.id)).all()
    assert mappings == [group.id, organisation.id]
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.verb == "private_list.taken_over")).one()
    assert len(event.details["offers"]) == 2
    assert mails(session)[-1]["to"] == people.persons["owner"].email
    shown = people.member.get(f"/lists/{kept.id}").text
    assert "Arance bio" in shown
    assert "/organisations/agrumeto" in shown
    assert "/invite" not in shown
    assert (
        upload(people.editor, b"nome;prezzo\nMele;2\n", slug="gas", target=f"list:{kept.id}").status_code
        == 409
    )


def test_the_link_serves_once(people, session, kept, supplier):
    _organisation, browser = supplier
    at = invited(people, session, kept)
    assert browser.post(at, data={"into": "agrumeto"}).status_code == 302
    assert browser.post(at, data={"into": "agrumeto"}).status_code == 404
    assert session.scalar(sa.select(sa.func.count()).select_from(Offer)) == 3


def test_the_link_serves_for_thirty_days(people, session, kept, today):
    at = invited(people, session, kept)
    today.shift(timedelta(days=29))
    assert people.anonymous.get(at).status_code == 200
    today.shift(timedelta(days=1))
    assert people.anonymous.get(at).status_code == 404


@pytest.mark.parametrize("status", [Status.APPLICANT, Status.SUSPENDED])
def test_who_is_not_approved_yet_is_told_to_come_back(people, session, kept, supplier, status):
    organisation, browser = supplier
    organisation.status = status
    session.commit()
    at = invited(people, session, kept)
    assert "/organisations/new" in browser.get(at).text
    assert browser.post(at, data={"into": "agrumeto"}).status_code == 409
    assert browser.get(at).status_code == 200


def test_the_link_opens_no_catalogue_of_somebody_else(people, session, kept, supplier):
    at = invited(people, session, kept)
    assert people.stranger.post(at, data={"into": "agrumeto"}).status_code == 404
    assert people.owner.post(at, data={"into": "gas"}).status_code == 409
    assert people.anonymous.post(at, data={"into": "agrumeto"}).status_code == 302
    assert session.scalars(sa.select(Offer)).all() == []


def test_words_of_a_draft_are_judged_when_a_file_would_publish_it(session, supplier):
    organisation, browser = supplier
    make_offer(session, organisation, title="Arance bio", key="A1", status=OfferStatus.DRAFT)
    session.commit()
    content = b"codice;nome;prezzo;um;iva;attivo\nA1;Arance bio;1,80;kg;4;si\n"
    _run, page, _answer = through(browser, content, slug="agrumeto")
    assert "agroecologic" in page
    assert session.scalars(sa.select(Offer.status)).one() == OfferStatus.DRAFT
