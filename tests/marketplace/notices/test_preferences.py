"""What people want by mail: everything until they say no, and never less than what they agreed to."""

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.errors import NotFound
from marketplace.i18n import speaking
from marketplace.notices import unsubscribing
from marketplace.notices.mail_kinds import MAIL_KINDS, MailKind
from marketplace.notices.models import MailPreference
from marketplace.notices.preference_operations import set_preferences, stop_kind
from marketplace.notices.queries import preferences, wanting, wants
from marketplace.notices.sending import post_notice
from marketplace.outbox import OutboxEntry, Topic
from tests.factories import NOW, make_user
from tests.support.people import browser_of


def test_every_kind_has_its_words_and_fits_its_column():
    assert set(MAIL_KINDS) == set(MailKind)
    assert max(map(len, MailKind)) <= MailPreference.kind.type.length


def test_everything_is_wanted_until_somebody_says_no(session):
    person, other = make_user(session), make_user(session)
    assert all(preferences(session, person.id).values())
    stop_kind(session, person, MailKind.MESSAGES, now=NOW)
    assert not wants(session, person.id, MailKind.MESSAGES)
    assert wants(session, person.id, MailKind.ANSWERS)
    assert wanting(session, {person.id, other.id}, MailKind.MESSAGES) == {other.id}


def test_what_is_needed_cannot_be_stopped(session):
    person = make_user(session)
    assert not stop_kind(session, person, MailKind.BOOKINGS, now=NOW)
    set_preferences(session, person, [], now=NOW)
    assert {kind for kind, on in preferences(session, person.id).items() if on} == {
        kind for kind, about in MAIL_KINDS.items() if not about.optional
    }


def test_a_kind_that_was_stopped_can_be_taken_up_again(session):
    person = make_user(session)
    stop_kind(session, person, MailKind.ORDERS, now=NOW)
    set_preferences(session, person, list(MailKind), now=NOW)
    assert all(preferences(session, person.id).values())


def test_opening_the_link_of_a_mail_stops_nothing_and_its_button_does(app, session):
    person = make_user(session)
    session.commit()
    client = app.test_client()
    with app.test_request_context():
        address = unsubscribing.link(person.id, MailKind.POOLING)
    assert client.get(address).status_code == 200
    assert wants(session, person.id, MailKind.POOLING)
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.expire_all()
    assert not wants(session, person.id, MailKind.POOLING)
    assert wants(session, person.id, MailKind.MESSAGES)


def test_a_token_that_is_not_ours_or_of_somebody_gone_leads_nowhere(session):
    person = make_user(session)
    written = unsubscribing.token(person.id, MailKind.POOLING)
    # amid the signature: of its last character only some bits count
    forged = written[:-10] + ("A" if written[-10] != "A" else "B") + written[-9:]
    for token in ("x", forged, ""):
        with pytest.raises(NotFound):
            unsubscribing.read_token(session, token)
    session.delete(session.get(User, person.id))
    session.flush()
    with pytest.raises(NotFound):
        unsubscribing.read_token(session, written)


def test_a_mail_of_an_optional_kind_carries_its_stop_and_one_that_is_needed_none(session):
    person = make_user(session)
    for kind in (MailKind.MESSAGES, MailKind.BOOKINGS):
        with speaking("it"):
            assert post_notice(session, person, kind, subject="Prova", template="emails/base.txt", now=NOW)
    optional, needed = session.scalars(
        sa.select(OutboxEntry.payload).where(OutboxEntry.topic == Topic.MAIL).order_by(OutboxEntry.id)
    )
    assert optional["unsubscribe"] in optional["text"]
    assert needed["unsubscribe"] is None
    stop_kind(session, person, MailKind.MESSAGES, now=NOW)
    with speaking("it"):
        assert not post_notice(
            session, person, MailKind.MESSAGES, subject="Prova", template="emails/base.txt", now=NOW
        )


def test_the_page_of_preferences_keeps_what_was_chosen(app, session):
    person = make_user(session)
    session.commit()
    client = browser_of(app, person)
    assert client.get("/notices/preferences").status_code == 200
    client.post("/notices/preferences", data={"kinds": ["messages"]})
    session.expire_all()
    assert wants(session, person.id, MailKind.MESSAGES)
    assert not wants(session, person.id, MailKind.ORDERS)
