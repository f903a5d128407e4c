"""Colleagues invited by mail: once, for seven days, known by a hash alone."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.errors import NotFound
from marketplace.organisations import invitations
from marketplace.organisations.joining_models import Invitation
from marketplace.organisations.models import MemberRole, Membership, Status
from marketplace.outbox import OutboxEntry
from tests.factories import make_invitation, make_membership, make_organisation, make_user
from tests.support.people import browser_of, people_of

TOKEN = "a-token-that-only-the-mail-knows"


@pytest.fixture
def house(session):
    return make_organisation(session, name="La Ruota")


@pytest.fixture
def people(app, session, house):
    return people_of(app, session, house)


def fresh(session, house, **overrides) -> Invitation:
    made = make_invitation(
        session,
        house,
        TOKEN,
        **{"created_at": utc_now(), "expires_at": utc_now() + timedelta(days=7)} | overrides,
    )
    session.commit()
    return made


def role_of(session, person, organisation):
    session.expire_all()
    membership = session.get(Membership, (person.id, organisation.id))
    return membership.role if membership else None


def test_an_invitation_goes_out_by_mail_and_only_its_hash_is_kept(people, house, session):
    page = f"/organisations/{house.slug}/invitations"
    assert people.owner.post(page, data={"email": "anna@example.org", "role": "editor"}).status_code == 302
    invitation = session.scalar(sa.select(Invitation))
    mail = session.scalar(sa.select(OutboxEntry)).payload
    token = mail["text"].split("/invitations/")[1].split()[0]
    assert mail["to"] == "anna@example.org"
    assert invitation.token_hash == invitations.hash_of(token) != token
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)


@pytest.mark.parametrize(
    "who, status", [("editor", 403), ("member", 403), ("stranger", 404), ("anonymous", 302)]
)
def test_only_owners_invite_and_withdraw(people, house, session, who, status):
    browser, waiting = getattr(people, who), fresh(session, house)
    data = {"email": "anna@example.org", "role": "owner"}
    assert browser.post(f"/organisations/{house.slug}/invitations", data=data).status_code == status
    assert browser.post(f"/invitations/{waiting.id}/withdraw").status_code == status
    session.refresh(waiting)
    assert waiting.withdrawn_at is None
    assert session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 1


@pytest.mark.parametrize("data", [{"email": "no address"}, {"email": "a@example.org", "role": "emperor"}, {}])
def test_what_is_no_invitation_is_refused(people, house, session, data):
    assert people.owner.post(f"/organisations/{house.slug}/invitations", data=data).status_code == 400
    assert session.scalar(sa.select(Invitation)) is None


def test_who_belongs_already_is_not_invited(people, house, session):
    data = {"email": people.persons["editor"].email.upper(), "role": "member"}
    assert people.owner.post(f"/organisations/{house.slug}/invitations", data=data).status_code == 400
    assert session.scalar(sa.select(Invitation)) is None


def test_a_second_invitation_of_an_address_ends_the_first(people, house, session):
    first = fresh(session, house, email="anna@example.org")
    data = {"email": "Anna@example.org", "role": "member"}
    people.owner.post(f"/organisations/{house.slug}/invitations", data=data)
    session.refresh(first)
    assert first.withdrawn_at is not None


def test_opening_the_link_shows_and_changes_nothing(people, house, session):
    waiting = fresh(session, house)
    for browser in (people.anonymous, people.stranger):
        assert "La Ruota" in browser.get(f"/invitations/{TOKEN}").text
    session.refresh(waiting)
    assert waiting.accepted_at is None
    assert people.anonymous.post(f"/invitations/{TOKEN}").status_code == 302
    session.refresh(waiting)
    assert waiting.accepted_at is None


def test_who_opens_the_mail_accepts_with_any_account_and_once(people, house, session):
    fresh(session, house, role=MemberRole.EDITOR)
    assert people.stranger.post(f"/invitations/{TOKEN}", data={"role": "owner"}).location == "/mine"
    assert role_of(session, people.persons["stranger"], house) == MemberRole.EDITOR
    other = browser_of(people.owner.application, make_user(session))
    assert other.get(f"/invitations/{TOKEN}").status_code == 404
    assert other.post(f"/invitations/{TOKEN}").status_code == 404


@pytest.mark.parametrize(
    "spoilt",
    [
        {"expires_at": utc_now() - timedelta(seconds=1)},
        {"withdrawn_at": utc_now()},
        {"accepted_at": utc_now()},
    ],
)
def test_a_link_that_is_old_used_or_withdrawn_serves_nobody(people, house, session, spoilt):
    fresh(session, house, **spoilt)
    assert people.stranger.get(f"/invitations/{TOKEN}").status_code == 404
    assert people.stranger.post(f"/invitations/{TOKEN}").status_code == 404
    assert role_of(session, people.persons["stranger"], house) is None


def test_an_invitation_to_what_was_suspended_meanwhile_serves_nobody(people, house, session):
    fresh(session, house)
    house.status = Status.SUSPENDED
    session.commit()
    assert people.stranger.post(f"/invitations/{TOKEN}").status_code == 409
    assert role_of(session, people.persons["stranger"], house) is None


def test_the_invited_address_accepts_without_the_link_and_no_other_does(people, house, session):
    waiting = fresh(session, house, email=people.persons["stranger"].email.upper())
    page = f"/invitations/{waiting.id}/accept"
    assert people.member.post(page).status_code == 404
    assert page in people.stranger.get("/mine").text
    assert people.stranger.post(page).location == "/mine"
    assert role_of(session, people.persons["stranger"], house) == MemberRole.EDITOR


def test_an_address_that_is_not_confirmed_accepts_nothing(app, house, session):
    person = make_user(session, confirmed_at=None)
    waiting = fresh(session, house, email=person.email)
    assert invitations.invitations_to(session, person, utc_now()) == []
    with pytest.raises(NotFound):
        invitations.accept_by_address(session, person, waiting.id, now=utc_now())


def test_whoever_belongs_already_keeps_their_role(people, house, session):
    fresh(session, house, role=MemberRole.MEMBER)
    people.editor.post(f"/invitations/{TOKEN}")
    assert role_of(session, people.persons["editor"], house) == MemberRole.EDITOR


def test_of_two_who_use_a_link_at_once_one_comes_in(fresh_app):
    with fresh_app.app_context():
        house = make_organisation(db.session)
        make_membership(db.session, make_user(db.session), house)
        make_invitation(
            db.session, house, TOKEN, created_at=utc_now(), expires_at=utc_now() + timedelta(days=1)
        )
        ids = [make_user(db.session).id for _ in range(2)]
        db.session.commit()
        house_id = house.id
    barrier, refused = Barrier(2), []

    def accept(person_id: int) -> None:
        with fresh_app.app_context(), writing():
            barrier.wait()
            try:
                invitations.accept_by_link(
                    db.session, db.session.get_one(User, person_id), TOKEN, now=utc_now()
                )
            except NotFound as error:
                refused.append(error)

    threads = [Thread(target=accept, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with fresh_app.app_context():
        members = sa.select(sa.func.count()).where(Membership.organisation_id == house_id)
        assert db.session.scalar(members) == 2
    assert len(refused) == 1
