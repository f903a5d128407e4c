"""Who may read a demand, and as whom."""

from datetime import timedelta

import pytest

from marketplace.demands.access import demand_page, is_buyer, readable_demand
from marketplace.demands.models import DemandType
from marketplace.errors import NotFound
from marketplace.organisations.models import Kind, MemberRole, Status
from marketplace.proposals.models import Proposal, Question
from tests.factories import NOW, make_demand, make_membership, make_organisation, make_user

HOUR = timedelta(hours=1)


def editor_of(session, organisation, role=MemberRole.EDITOR):
    person = make_user(session)
    make_membership(session, person, organisation, role)
    return person


@pytest.fixture
def group(session):
    return make_organisation(session, kinds=(Kind.BUYING_GROUP,))


def reads(session, person, demand):
    try:
        return readable_demand(session, person, demand.id, NOW) is demand
    except NotFound:
        return False


def test_what_was_withdrawn_is_read_by_its_buyer_the_desk_and_who_answered(session, group):
    demand = make_demand(session, group, withdrawn_at=NOW)
    asker, answerer, writer = (make_organisation(session) for _ in range(3))
    session.add(Question(demand_id=demand.id, organisation_id=asker.id, text="?", asked_at=NOW))
    for supplier, submitted in ((answerer, NOW), (writer, None)):
        session.add(
            Proposal(
                demand_id=demand.id,
                organisation_id=supplier.id,
                created_at=NOW,
                updated_at=NOW,
                submitted_at=submitted,
            )
        )
    session.flush()
    assert reads(session, editor_of(session, group, MemberRole.MEMBER), demand)
    assert reads(session, make_user(session, duties=("secretariat",)), demand)
    assert reads(session, editor_of(session, asker), demand)
    assert reads(session, editor_of(session, answerer), demand)
    assert not reads(session, editor_of(session, writer), demand)
    assert not reads(session, make_user(session), demand)


def test_a_wish_that_waits_is_read_by_its_author_and_the_desk(session):
    author = make_user(session)
    wish = make_demand(session, type=DemandType.WISH, author_id=author.id, published_at=None)
    assert reads(session, author, wish)
    assert reads(session, make_user(session, duties=("secretariat",)), wish)
    assert not reads(session, editor_of(session, make_organisation(session)), wish)


def test_only_editors_of_an_active_buyer_and_authors_of_wishes_are_buyers(session, group):
    demand = make_demand(session, group)
    editor, author = editor_of(session, group), make_user(session)
    wish = make_demand(session, author_id=author.id)
    assert is_buyer(session, editor, demand)
    assert is_buyer(session, author, wish)
    assert not is_buyer(session, editor_of(session, group, MemberRole.MEMBER), demand)
    assert not is_buyer(session, editor, wish)
    assert not is_buyer(session, author, demand)
    group.status = Status.SUSPENDED
    session.flush()
    assert not is_buyer(session, editor, demand)


def test_the_author_of_an_organisation_s_request_is_no_buyer_once_gone(session, group):
    left = make_user(session)
    assert not is_buyer(session, left, make_demand(session, group, author_id=left.id))


@pytest.mark.parametrize("until, state", [(None, "open"), (NOW, "closed"), (NOW + HOUR, "open")])
def test_the_head_of_a_page_knows_the_state_and_who_reads(session, group, until, state):
    demand = make_demand(session, group, closes_at=until)
    page = demand_page(session, editor_of(session, make_organisation(session)), demand.id, NOW)
    assert (page.state, page.reader, page.is_buyer) == (state, "supplier", False)
    page = demand_page(session, editor_of(session, group), demand.id, NOW)
    assert (page.state, page.reader, page.is_buyer) == (state, "buyer", True)
    assert next(tab.endpoint for tab in page.tabs) == "demands.show"
