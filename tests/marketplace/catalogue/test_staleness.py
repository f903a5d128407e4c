"""What nobody has confirmed for 180 days: marked for everybody, and its owners told once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.catalogue.models import Offer
from marketplace.catalogue.stale_round import remind_of_stale_offers
from marketplace.catalogue.staleness import STALE_AFTER, is_stale
from marketplace.clock import utc_now
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.preference_operations import stop_kind
from marketplace.organisations.models import MemberRole, Status
from tests.factories import NOW, make_membership, make_offer, make_organisation, make_user
from tests.support.mails import mails
from tests.support.people import people_of

ITALIAN = {"Accept-Language": "it"}


@pytest.fixture
def garden(session):
    return make_organisation(session, slug="orto", name="Orto di prova")


@pytest.fixture
def people(app, session, garden):
    return people_of(app, session, garden)


def test_it_is_stale_after_180_days_and_not_on_the_last_of_them():
    assert not is_stale(NOW, NOW + STALE_AFTER)
    assert is_stale(NOW, NOW + STALE_AFTER + timedelta(milliseconds=1))


def test_everybody_sees_since_when_nobody_has_confirmed_it(people, session, garden):
    offer = make_offer(session, garden, title="Mele", confirmed_at=NOW)
    session.commit()
    with time_machine.travel(NOW + timedelta(days=179)):
        assert "on aggiornato" not in people.anonymous.get(f"/offers/{offer.id}", headers=ITALIAN).text
    with time_machine.travel(NOW + timedelta(days=181)):
        assert (
            "Non aggiornato: ultima conferma 20 novembre 2026"
            in people.anonymous.get(f"/offers/{offer.id}", headers=ITALIAN).text
        )
        assert 'class="stale"' in people.anonymous.get("/organisations/orto").text


def test_one_action_confirms_all_and_nothing_else(people, session, garden):
    long_ago = utc_now() - timedelta(days=200)
    old = make_offer(session, garden, confirmed_at=long_ago)
    draft = make_offer(session, garden, confirmed_at=long_ago, status="draft")
    foreign = make_offer(session, make_organisation(session), confirmed_at=long_ago)
    session.commit()
    assert (
        'action="/organisations/orto/catalogue/confirm"'
        in people.owner.get("/organisations/orto/catalogue").text
    )
    people.editor.post("/organisations/orto/catalogue/confirm")
    session.expire_all()
    assert not is_stale(old.confirmed_at, utc_now())
    assert (draft.confirmed_at, foreign.confirmed_at) == (long_ago, long_ago)
    # whoever has it open can save: nothing they see has changed
    assert old.version == 1


def test_saving_confirms_too(people, session, garden):
    from tests.marketplace.catalogue.forms_filled import offer_data

    offer = make_offer(session, garden, confirmed_at=NOW - timedelta(days=400))
    session.commit()
    people.owner.post(f"/offers/{offer.id}/edit", data=offer_data(version="1"))
    session.expire_all()
    assert offer.confirmed_at > NOW - timedelta(days=400)


def test_owners_are_told_once_of_all_of_it_in_their_language(session, garden):
    for number, (role, language) in enumerate(
        [(MemberRole.OWNER, "it"), (MemberRole.OWNER, "en"), (MemberRole.EDITOR, "it")]
    ):
        make_membership(
            session, make_user(session, email=f"p{number}@example.org", locale=language), garden, role
        )
    for title in ("Mele", "Pere"):
        make_offer(session, garden, title=title, confirmed_at=NOW)
    fresh = make_offer(session, garden, title="Prugne", confirmed_at=NOW + timedelta(days=100))
    session.commit()
    later = NOW + timedelta(days=181)
    assert remind_of_stale_offers(session, NOW + timedelta(days=180)) == 0
    assert remind_of_stale_offers(session, later) == 2
    told = mails(session)
    assert [mail["to"] for mail in told] == ["p0@example.org", "p1@example.org"]
    assert "Mele" in told[0]["text"]
    assert "Pere" in told[0]["text"]
    assert fresh.title not in told[0]["text"]
    assert "/organisations/orto/catalogue?show=stale" in told[0]["text"]
    assert told[0]["subject"] != told[1]["subject"]
    assert remind_of_stale_offers(session, later + timedelta(days=30)) == 0
    assert len(mails(session)) == 2


def test_who_stopped_reminders_gets_none_and_everybody_else_can_stop_them(session, garden):
    stays, stopped = make_user(session), make_user(session)
    for person in (stays, stopped):
        make_membership(session, person, garden, MemberRole.OWNER)
    stop_kind(session, stopped, MailKind.REMINDERS, now=NOW)
    make_offer(session, garden, confirmed_at=NOW)
    session.commit()
    remind_of_stale_offers(session, NOW + timedelta(days=181))
    (mail,) = mails(session)
    assert mail["to"] == stays.email
    assert mail["unsubscribe"] in mail["text"]


def test_what_was_confirmed_and_grew_old_again_is_told_again(session, garden):
    make_membership(session, make_user(session), garden)
    offer = make_offer(session, garden, confirmed_at=NOW)
    session.commit()
    assert remind_of_stale_offers(session, NOW + timedelta(days=181)) == 1
    offer.confirmed_at = NOW + timedelta(days=190)
    session.commit()
    assert remind_of_stale_offers(session, NOW + timedelta(days=200)) == 0
    assert remind_of_stale_offers(session, NOW + timedelta(days=371)) == 1


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.APPLICANT])
def test_nobody_is_told_of_what_is_not_public(session, garden, status):
    make_membership(session, make_user(session), garden)
    make_offer(session, garden, confirmed_at=NOW, status="withdrawn")
    shut = make_organisation(session, status=status)
    make_membership(session, make_user(session), shut)
    make_offer(session, shut, confirmed_at=NOW)
    session.commit()
    assert remind_of_stale_offers(session, NOW + timedelta(days=999)) == 0
    assert mails(session) == []
    assert session.scalars(sa.select(Offer)).all() != []
