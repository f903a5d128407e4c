"""Who is told of an order: those who speak for its groups now, whoever was named."""

import pytest

from marketplace.ledger.letters import referenti_by_group
from marketplace.orders.people import coordinators, referenti, referenti_of
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import make_cycle, make_membership, make_organisation, make_user


@pytest.fixture
def group(session):
    return make_organisation(session, kinds=(Kind.BUYING_GROUP,))


def editor(session, group, role=MemberRole.EDITOR):
    person = make_user(session)
    return person, make_membership(session, person, group, role)


def told(session, cycle):
    (group,) = cycle.groups
    asked = (
        referenti(session, cycle),
        referenti_of(session, group),
        coordinators(session, cycle),
        referenti_by_group(session, cycle)[group.id],
    )
    return [[person.id for person in people] for people in asked]


def test_who_is_named_speaks_alone(session, group):
    (named, _), _other = editor(session, group), editor(session, group)
    cycle = make_cycle(session, group, coordinator_id=named.id)
    cycle.groups[0].referente_id = named.id
    assert told(session, cycle) == [[named.id]] * 4


def test_who_left_or_edits_no_more_is_told_of_nothing_and_the_others_are_instead(session, group):
    (named, membership), (other, _) = editor(session, group), editor(session, group)
    editor(session, group, MemberRole.MEMBER)
    cycle = make_cycle(session, group, coordinator_id=named.id)
    cycle.groups[0].referente_id = named.id
    membership.role = MemberRole.MEMBER
    assert told(session, cycle) == [[other.id]] * 4
    session.delete(membership)
    assert told(session, cycle) == [[other.id]] * 4


def test_where_nobody_is_named_all_editors_speak(session, group):
    people = sorted(editor(session, group)[0].id for _ in range(2))
    assert told(session, make_cycle(session, group)) == [people] * 4
