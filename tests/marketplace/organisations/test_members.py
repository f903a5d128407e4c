"""Colleagues: roles, leaving, and the owner who must stay."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import User
from marketplace.db import db, writing
from marketplace.errors import Conflict, NotAllowed, NotFound
from marketplace.organisations import members_operations
from marketplace.organisations.models import MemberRole, Membership, Organisation, Status
from tests.factories import NOW, make_invitation, make_membership, make_organisation, make_user
from tests.support.people import people_of


@pytest.fixture
def house(session):
    return make_organisation(session)


@pytest.fixture
def people(app, session, house):
    return people_of(app, session, house)


def role_of(session, person, organisation):
    session.expire_all()
    membership = session.get(Membership, (person.id, organisation.id))
    return membership.role if membership else None


def test_members_see_each_other_and_strangers_see_nobody(people, house):
    page = f"/organisations/{house.slug}/members"
    names = [people.persons[name].name for name in ("owner", "editor", "member")]
    for browser in (people.owner, people.editor, people.member):
        text = browser.get(page).text
        assert all(name in text for name in names)
    assert people.stranger.get(page).status_code == 404
    assert people.anonymous.get(page).status_code == 302


def test_addresses_and_buttons_are_for_the_owner(people, house):
    page = f"/organisations/{house.slug}/members"
    address = people.persons["member"].email
    assert address in people.owner.get(page).text
    assert address not in people.editor.get(page).text
    assert "/role" not in people.editor.get(page).text


def test_the_owner_changes_roles_and_nobody_else_does(people, house, session):
    member = people.persons["member"]
    page = f"/organisations/{house.slug}/members/{member.id}/role"
    for browser, status in (
        (people.editor, 403),
        (people.member, 403),
        (people.stranger, 404),
        (people.anonymous, 302),
    ):
        assert browser.post(page, data={"role": "owner"}).status_code == status
    assert role_of(session, member, house) == MemberRole.MEMBER
    assert people.owner.post(page, data={"role": "emperor"}).status_code == 302
    assert role_of(session, member, house) == MemberRole.MEMBER
    assert people.owner.post(page, data={"role": "editor", "person_id": "1"}).status_code == 302
    assert role_of(session, member, house) == MemberRole.EDITOR


def test_the_owner_of_another_organisation_is_out_of_reach(people, house, session):
    stranger = people.persons["stranger"]
    elsewhere = session.scalar(sa.select(Organisation).where(Organisation.id != house.id))
    for what in ("role", "remove"):
        page = f"/organisations/{house.slug}/members/{stranger.id}/{what}"
        assert people.owner.post(page, data={"role": "member"}).status_code == 404
    page = f"/organisations/{elsewhere.slug}/members/{stranger.id}/remove"
    assert people.owner.post(page).status_code == 404
    assert role_of(session, stranger, elsewhere) == MemberRole.OWNER


def test_the_last_owner_neither_leaves_nor_is_demoted_nor_removed(people, house, session):
    owner = people.persons["owner"]
    at = f"/organisations/{house.slug}"
    assert people.owner.post(f"{at}/leave").location == f"{at}/members"
    people.owner.post(f"{at}/members/{owner.id}/role", data={"role": "editor"})
    people.owner.post(f"{at}/members/{owner.id}/remove")
    assert role_of(session, owner, house) == MemberRole.OWNER


def test_with_another_owner_one_may_go(people, house, session):
    at = f"/organisations/{house.slug}"
    people.owner.post(f"{at}/members/{people.persons['editor'].id}/role", data={"role": "owner"})
    assert people.owner.post(f"{at}/leave").location == "/mine"
    assert role_of(session, people.persons["owner"], house) is None
    assert people.owner.get(f"{at}/members").status_code == 404


def test_members_leave_also_what_is_suspended(people, house, session):
    house.status = Status.SUSPENDED
    session.commit()
    assert people.member.post(f"/organisations/{house.slug}/leave").location == "/mine"
    assert role_of(session, people.persons["member"], house) is None


def test_a_removed_person_has_no_rights_on_the_next_request(people, house):
    page = f"/organisations/{house.slug}/members"
    assert people.editor.get(page).status_code == 200
    people.owner.post(f"{page}/{people.persons['editor'].id}/remove")
    assert people.editor.get(page).status_code == 404


def test_who_is_an_owner_no_longer_lets_nobody_in_by_mail(people, house, session):
    other = make_user(session)
    make_membership(session, other, house, MemberRole.OWNER)
    invitation = make_invitation(session, house, invited_by_id=other.id)
    people.owner.post(f"/organisations/{house.slug}/members/{other.id}/remove")
    session.refresh(invitation)
    assert invitation.withdrawn_at is not None


def test_operations_ask_for_the_role_themselves(people, house, session):
    persons = people.persons
    with pytest.raises(NotAllowed):
        members_operations.remove_member(session, persons["editor"], house, persons["member"].id, now=NOW)
    with pytest.raises(NotFound):
        members_operations.leave(session, persons["stranger"], house, now=NOW)


@pytest.mark.parametrize("way", ["leave", "demote each other", "remove each other"])
def test_of_two_owners_who_go_at_once_one_stays(fresh_app, way):
    with fresh_app.app_context():
        organisation = make_organisation(db.session)
        owners = [make_user(db.session) for _ in range(2)]
        for owner in owners:
            make_membership(db.session, owner, organisation, MemberRole.OWNER)
        db.session.commit()
        organisation_id, ids = organisation.id, [owner.id for owner in owners]
    barrier, refused = Barrier(2), []

    def go(person_id: int, other_id: int) -> None:
        with fresh_app.app_context(), writing():
            barrier.wait()
            actor = db.session.get_one(User, person_id)
            house = db.session.get_one(Organisation, organisation_id)
            try:
                if way == "leave":
                    members_operations.leave(db.session, actor, house, now=NOW)
                elif way == "remove each other":
                    members_operations.remove_member(db.session, actor, house, other_id, now=NOW)
                else:
                    members_operations.change_role(
                        db.session, actor, house, other_id, MemberRole.MEMBER, now=NOW
                    )
            except (Conflict, NotAllowed, NotFound) as error:
                db.session.rollback()
                refused.append(error)

    for _round in range(5):
        with fresh_app.app_context(), writing():
            db.session.execute(sa.delete(Membership))
            for person_id in ids:
                db.session.add(
                    Membership(person_id=person_id, organisation_id=organisation_id, role="owner", since=NOW)
                )
            db.session.commit()
        refused.clear()
        threads = [Thread(target=go, args=pair) for pair in (ids, ids[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with fresh_app.app_context():
            owners = sa.select(sa.func.count()).where(Membership.role == MemberRole.OWNER)
            assert db.session.scalar(owners) == 1
        assert len(refused) == 1
