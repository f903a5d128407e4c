"""Writing to each other about a demand: who may, who reads, and how they are told."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from marketplace.accounts.operations import erase_account
from marketplace.conversations import operations
from marketplace.conversations.models import Conversation
from marketplace.conversations.operations import mark_read, start, write
from marketplace.conversations.queries import messages, own_conversations, unread_count
from marketplace.conversations.telling_round import tell_of_messages
from marketplace.demands.models import DemandType
from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.preference_operations import stop_kind
from marketplace.organisations.models import Kind, MemberRole, Status
from tests.exchange_factories import make_conversation, make_message
from tests.factories import (
    NOW,
    make_area,
    make_demand,
    make_lot,
    make_membership,
    make_offer,
    make_organisation,
    make_user,
)
from tests.support.mails import mails
from tests.support.people import browser_of, people_of
from tests.support.sql import counted_statements

LATER = NOW + timedelta(minutes=5)


def with_editor(session, kind, **overrides):
    organisation = make_organisation(session, kinds=(kind,), **overrides)
    person = make_user(session)
    make_membership(session, person, organisation, MemberRole.EDITOR)
    return person, organisation


@pytest.fixture
def dairy(session):
    person, organisation = with_editor(session, Kind.PRODUCER)
    make_area(session, organisation)
    make_offer(session, organisation, category="food.dairy")
    return person, organisation


@pytest.fixture
def group(session):
    return with_editor(session, Kind.BUYING_GROUP)


@pytest.fixture
def demand(session, group):
    return make_demand(session, group[1], lots=(make_lot(category="food.dairy"),), title="Formaggi")


def begin(session, maker, demand, to, text="Buongiorno", now=NOW):
    person, organisation = maker
    return start(session, person, demand.id, organisation_id=organisation.id, other_id=to, text=text, now=now)


def test_a_supplier_and_a_buyer_have_one_conversation_about_a_demand(session, dairy, group, demand):
    first = begin(session, dairy, demand, group[1].id)
    assert begin(session, group, demand, dairy[1].id, "Ciao", LATER).id == first.id
    rows = messages(session, first, group[1].id)
    assert [(row.text, row.mine) for row in rows] == [("Buongiorno", False), ("Ciao", True)]


def test_a_buyer_writes_to_who_suits_its_demand_and_to_nobody_else(session, group, demand):
    cleaner = make_organisation(session)
    make_area(session, cleaner)
    make_offer(session, cleaner, category="cleaning")
    with pytest.raises(Invalid):
        begin(session, group, demand, cleaner.id)


def test_a_supplier_cannot_learn_by_writing_who_else_has_answered(session, dairy, demand):
    stranger = make_organisation(session)
    with pytest.raises(Invalid):
        begin(session, dairy, demand, stranger.id)


def test_a_group_does_not_write_as_a_supplier(session, demand):
    other = with_editor(session, Kind.BUYING_GROUP)
    with pytest.raises(Invalid):
        begin(session, other, demand, demand.organisation_id)


def test_nobody_writes_for_others(session, dairy, group, demand):
    stranger, member = make_user(session), make_user(session)
    make_membership(session, member, dairy[1], MemberRole.MEMBER)
    conversation = begin(session, dairy, demand, group[1].id)
    with pytest.raises(NotFound):
        write(session, stranger, conversation.id, text="x", now=NOW)
    with pytest.raises(NotAllowed):
        write(session, member, conversation.id, text="x", now=NOW)
    with pytest.raises(NotFound):
        begin(session, (stranger, dairy[1]), demand, group[1].id)


def test_who_is_suspended_is_out(session, dairy, group, demand):
    conversation = begin(session, dairy, demand, group[1].id)
    dairy[1].status = Status.SUSPENDED
    session.flush()
    with pytest.raises(NotFound):
        write(session, dairy[0], conversation.id, text="x", now=NOW)
    with pytest.raises(Conflict):
        write(session, group[0], conversation.id, text="x", now=NOW)
    assert own_conversations(session, dairy[0].id, limit=10)[1] == 0


def test_a_sealed_request_takes_no_messages_until_its_deadline(session, dairy):
    clerk = with_editor(session, Kind.LOCAL_AUTHORITY)
    sealed = make_demand(
        session,
        clerk[1],
        type=DemandType.QUOTE_REQUEST,
        closes_at=NOW + timedelta(days=9),
        lots=(make_lot(category="food.dairy"),),
    )
    with pytest.raises(Conflict) as refused:
        begin(session, dairy, sealed, clerk[1].id)
    assert refused.value.code == "sealed"


def test_what_is_withdrawn_is_read_and_no_longer_written_to(app, session, dairy, group, demand):
    conversation = begin(session, dairy, demand, group[1].id)
    demand.withdrawn_at = NOW
    session.commit()
    with pytest.raises(Conflict):
        write(session, group[0], conversation.id, text="x", now=LATER)
    page = browser_of(app, group[0]).get(f"/conversations/{conversation.id}")
    assert "Buongiorno" in page.text
    assert "<textarea" not in page.text


def test_the_author_of_a_wish_writes_and_reads_without_an_organisation(session, dairy):
    resident = make_user(session, name="Anna")
    wish = make_demand(session, author_id=resident.id, lots=(make_lot(category="food.dairy"),))
    conversation = begin(session, dairy, wish, None)
    write(session, resident, conversation.id, text="Grazie", now=LATER)
    assert [row.mine for row in messages(session, conversation, dairy[1].id)] == [True, False]
    assert unread_count(session, dairy[0].id) == 1
    assert unread_count(session, resident.id) == 1
    with pytest.raises(NotFound):
        write(session, make_user(session), conversation.id, text="x", now=LATER)


def test_nobody_reads_the_name_of_a_resident_who_has_not_written(app, session, dairy):
    resident = make_user(session, name="Anna Riservata")
    wish = make_demand(session, author_id=resident.id, lots=(make_lot(category="food.dairy"),))
    conversation = begin(session, dairy, wish, None)
    session.commit()
    supplier = browser_of(app, dairy[0])
    for path in (f"/demands/{wish.id}/messages", "/conversations", f"/conversations/{conversation.id}"):
        page = supplier.get(path)
        assert (page.status_code, "Riservata" in page.text) == (200, False)
    assert "Riservata" in browser_of(app, resident).get(f"/demands/{wish.id}/messages").text


def test_who_writes_too_much_is_stopped(session, dairy, group, demand, monkeypatch):
    monkeypatch.setattr(operations, "MESSAGES_PER_HOUR", 2)
    conversation = begin(session, dairy, demand, group[1].id)
    write(session, dairy[0], conversation.id, text="x", now=LATER)
    with pytest.raises(Conflict) as refused:
        write(session, dairy[0], conversation.id, text="x", now=LATER)
    assert refused.value.code == "too_many_messages"
    write(session, dairy[0], conversation.id, text="x", now=NOW + timedelta(hours=2))


def test_the_other_side_is_told_once_until_it_has_read(session, dairy, group, demand):
    conversation = begin(session, dairy, demand, group[1].id)
    write(session, dairy[0], conversation.id, text="E ancora", now=LATER)
    assert tell_of_messages(session, LATER) == 1
    assert tell_of_messages(session, LATER + timedelta(hours=3)) == 0
    (mail,) = mails(session)
    assert mail["to"] == group[0].email
    assert mail["reply_to"] is None
    assert dairy[0].email not in mail["text"] + mail["subject"]
    assert f"/conversations/{conversation.id}" in mail["text"]
    mark_read(session, group[0], conversation, LATER)
    write(session, dairy[0], conversation.id, text="Tre", now=LATER + timedelta(minutes=1))
    assert tell_of_messages(session, LATER + timedelta(minutes=2)) == 0
    assert tell_of_messages(session, LATER + timedelta(hours=1)) == 1


def test_who_wants_no_such_mails_gets_none(session, dairy, group, demand):
    stop_kind(session, group[0], MailKind.MESSAGES, now=NOW)
    begin(session, dairy, demand, group[1].id)
    tell_of_messages(session, LATER)
    assert mails(session) == []


def test_what_an_erased_person_wrote_stays_without_their_name(app, session, dairy, group, demand):
    make_membership(session, make_user(session), dairy[1], MemberRole.OWNER)
    dairy[0].name = "Giovanna Prova"
    conversation = begin(session, dairy, demand, group[1].id)
    erase_account(session, dairy[0], LATER)
    page = browser_of(app, group[0]).get(f"/conversations/{conversation.id}")
    assert "Buongiorno" in page.text
    assert "persona cancellata" in page.text
    assert "Giovanna" not in page.text


def test_a_page_that_was_opened_has_been_read(app, session, dairy, group, demand):
    conversation = begin(session, dairy, demand, group[1].id)
    browser = browser_of(app, group[0])
    assert "1 nuovo" in browser.get("/conversations").text
    browser.get(f"/conversations/{conversation.id}")
    session.expire_all()
    assert unread_count(session, group[0].id) == 0


def test_a_file_goes_to_both_sides_and_to_nobody_else(app, session, dairy, group, demand):
    conversation = begin(session, dairy, demand, group[1].id)
    session.commit()
    pdf = b"%PDF-1.4\nstartxref\n0\n%%EOF"
    maker = browser_of(app, dairy[0])
    address = f"/conversations/{conversation.id}"
    answer = maker.post(address, data={"text": "", "document": (BytesIO(pdf), "listino.pdf")})
    assert answer.status_code == 302
    message = messages(session, conversation, dairy[1].id)[-1]
    assert message.file_name == "listino.pdf"
    assert browser_of(app, group[0]).get(f"/messages/{message.id}/file").data == pdf
    everybody = people_of(app, session, make_organisation(session))
    assert everybody.stranger.get(f"/messages/{message.id}/file").status_code == 404
    assert everybody.stranger.get(address).status_code == 404
    exe = maker.post(address, data={"document": (BytesIO(b"MZ\x00"), "listino.pdf")})
    assert exe.status_code == 200
    assert "field-error" in exe.text


def test_both_start_from_the_page_of_the_demand(app, session, dairy, group, demand):
    session.commit()
    maker, buyer = browser_of(app, dairy[0]), browser_of(app, group[0])
    address = f"/demands/{demand.id}/messages"
    assert "<textarea" in maker.get(address).text
    answer = maker.post(address, data={"own": str(dairy[1].id), "other": str(group[1].id), "text": "Si può?"})
    assert answer.status_code == 302
    (conversation,) = session.scalars(sa.select(Conversation))
    assert answer.headers["Location"].startswith(f"/conversations/{conversation.id}")
    assert dairy[1].name in buyer.get(address).text


def test_the_list_asks_no_more_for_many_than_for_one(app, session, dairy, group, demand):
    conversation = make_conversation(session, demand, dairy[1], group[1])
    make_message(session, conversation, dairy[0])
    with counted_statements(app) as one:
        own_conversations(session, group[0].id, limit=30)
    for _n in range(5):
        other = make_conversation(session, make_demand(session, group[1]), dairy[1], group[1])
        make_message(session, other, dairy[0])
    with counted_statements(app) as many:
        rows, total = own_conversations(session, group[0].id, limit=30)
    assert total == 6
    assert [row.unread for row in rows] == [1] * 6
    assert len(many) == len(one)
