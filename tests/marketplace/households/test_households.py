"""Households of a group: who sees and keeps them, and who books for which."""

import pytest

from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.households.models import GroupSettings
from marketplace.households.operations import (
    add_household,
    add_own_household,
    change_settings,
    edit_household,
)
from marketplace.households.queries import households, households_of, people_of, settings_of
from marketplace.organisations.models import Kind, MemberRole, Membership
from tests.factories import NOW, make_household, make_membership, make_organisation, make_user
from tests.support.people import people_of as everybody


@pytest.fixture
def group(session):
    return make_organisation(session, kinds=(Kind.BUYING_GROUP,))


@pytest.fixture
def referente(session, group):
    person = make_user(session)
    make_membership(session, person, group, MemberRole.EDITOR)
    return person


def test_a_referente_adds_a_household_and_says_who_books_for_it(session, group, referente):
    member = make_user(session)
    make_membership(session, member, group, MemberRole.MEMBER)
    made = add_household(session, referente, group, {"name": "Verdi"}, [member.id], now=NOW)
    assert [one.id for one in households_of(session, member, group)] == [made.id]
    edit_household(session, referente, made, {"name": "Verdi Rossi"}, [], now=NOW)
    assert not households_of(session, member, group)
    assert [one.name for one in households(session, group.id)] == ["Verdi Rossi"]


def test_only_members_of_the_group_book(session, group, referente):
    with pytest.raises(Invalid):
        add_household(session, referente, group, {"name": "Verdi"}, [make_user(session).id], now=NOW)


def test_who_left_the_group_books_for_nobody_any_more(session, group):
    member = make_user(session)
    membership = make_membership(session, member, group, MemberRole.MEMBER)
    household = make_household(session, group, member)
    assert len(households_of(session, member, group)) == 1
    session.delete(session.get(Membership, (member.id, group.id)) or membership)
    session.flush()
    assert not households_of(session, member, group)
    assert not people_of(session, group.id)[household.id]


def test_a_member_enters_their_own_household_once(session, group):
    member = make_user(session)
    make_membership(session, member, group, MemberRole.MEMBER)
    first = add_own_household(session, member, group, "Bianchi", now=NOW)
    assert add_own_household(session, member, group, "Altri", now=NOW).id == first.id
    with pytest.raises(NotAllowed):
        add_household(session, member, group, {"name": "x"}, [], now=NOW)
    with pytest.raises(NotFound):
        add_own_household(session, make_user(session), group, "x", now=NOW)


def test_only_groups_have_households(session):
    farm = make_organisation(session)
    owner = make_user(session)
    make_membership(session, owner, farm)
    with pytest.raises(Conflict):
        add_household(session, owner, farm, {"name": "x"}, [], now=NOW)


def test_settings_are_an_owners_and_two_who_save_at_once_are_told(session, group, referente):
    owner = make_user(session)
    make_membership(session, owner, group)
    assert settings_of(session, group.id).keeps_accounts is False
    change_settings(session, owner, group, {"keeps_accounts": True, "lowest_balance": -2000}, 1, now=NOW)
    kept = session.get(GroupSettings, group.id)
    assert (kept.keeps_accounts, kept.lowest_balance) == (True, -2000)
    change_settings(session, owner, group, {"lowest_balance": 0}, kept.version, now=NOW)
    with pytest.raises(Conflict):
        change_settings(session, owner, group, {"lowest_balance": 5}, 1, now=NOW)
    with pytest.raises(NotAllowed):
        change_settings(session, referente, group, {"lowest_balance": 5}, kept.version, now=NOW)


def test_the_pages_are_for_those_who_keep_them(app, session, group):
    people = everybody(app, session, group)
    address = f"/organisations/{group.slug}/households"
    assert people.editor.post(f"{address}/new", data={"name": "Verdi"}).status_code == 302
    assert "Verdi" in people.editor.get(address).text
    assert people.member.get(address).status_code == 403
    assert people.stranger.get(address).status_code == 404
    saved = people.owner.post(
        f"{address}/settings",
        data={
            "version": "1",
            "retention_days": "90",
            "iban": "IT60X0542811101000000123456",
            "below_zero": "0",
        },
    )
    assert saved.status_code == 302
    assert "IT60X0542811101000000123456" in people.owner.get(f"{address}/settings").text
