"""Who reads what was answered: its supplier and partners always, the buyer from the deadline on, nobody else."""

from datetime import timedelta

import pytest

from marketplace.demands.models import DemandType
from marketplace.errors import Conflict, NotFound
from marketplace.organisations.models import Kind, MemberRole
from marketplace.proposals import queries
from tests.answer_factories import make_proposal
from tests.factories import NOW, make_demand, make_membership, make_organisation, make_user
from tests.marketplace.proposals.test_answering import World
from tests.support.people import browser_of

TICK = timedelta(milliseconds=1)


@pytest.fixture
def world(session):
    world = World(session)
    world.proposal = make_proposal(session, world.demand, world.supplier, message="Contenuto riservato")
    return world


def test_the_buyer_knows_how_many_until_the_deadline_and_reads_them_from_then_on(world):
    session, demand = world.session, world.demand
    assert queries.count_handed_in(session, demand.id) == 1
    with pytest.raises(Conflict) as sealed:
        queries.opened(session, world.clerk, demand, demand.closes_at - TICK)
    assert sealed.value.code == "answers_sealed"
    (row,) = queries.opened(session, world.clerk, demand, demand.closes_at)
    assert (row.name, row.message, row.with_vat) == (world.supplier.name, "Contenuto riservato", False)
    assert row.lines[demand.lots[0].id][0].price == 50_000


def test_nobody_but_the_buyer_opens_answers(world):
    session = world.session
    member, stranger, desk = (
        make_user(session),
        make_user(session),
        make_user(session, duties=("secretariat",)),
    )
    make_membership(session, member, world.buyer, MemberRole.MEMBER)
    other = make_user(session)
    make_membership(session, other, make_organisation(session))
    for person in (world.editor, member, stranger, other, desk):
        with pytest.raises(NotFound):
            queries.opened(session, person, world.demand, world.demand.closes_at)


def test_drafts_and_what_was_taken_back_are_never_opened(world):
    session = world.session
    make_proposal(session, world.demand, make_organisation(session), submitted_at=None)
    make_proposal(session, world.demand, make_organisation(session), withdrawn_at=NOW)
    assert len(queries.opened(session, world.clerk, world.demand, world.demand.closes_at)) == 1
    assert queries.count_handed_in(session, world.demand.id) == 1


def test_a_group_reads_answers_at_once_unless_it_chose_otherwise(session):
    group, referente = make_organisation(session, kinds=(Kind.BUYING_GROUP,)), make_user(session)
    make_membership(session, referente, group)
    for particulars, waits in (({}, False), ({"answers_sealed": True}, True)):
        demand = make_demand(session, group, closes_at=NOW + timedelta(days=3), particulars=particulars)
        make_proposal(session, demand, make_organisation(session))
        if waits:
            with pytest.raises(Conflict):
                queries.opened(session, referente, demand, NOW)
        else:
            assert len(queries.opened(session, referente, demand, NOW)) == 1


def test_pages_keep_the_same_secrets(app, world):
    """Each knocks at the page of the answers and at that of the answer; only its supplier reads it before the deadline."""
    session, demand = world.session, world.demand
    demand.closes_at = demand.closes_at.replace(year=2096)
    member, stranger, desk = (
        make_user(session),
        make_user(session),
        make_user(session, duties=("secretariat",)),
    )
    make_membership(session, member, world.buyer, MemberRole.MEMBER)
    rival = make_user(session)
    make_membership(session, rival, make_organisation(session))
    session.commit()
    answers, answer = f"/demands/{demand.id}/answers", f"/demands/{demand.id}/answer"
    for person in (member, stranger, desk, rival, world.editor):
        assert browser_of(app, person).get(answers).status_code == 404
    clerk = browser_of(app, world.clerk).get(answers)
    assert clerk.status_code == 200
    assert world.supplier.name not in clerk.text
    assert "Contenuto riservato" not in clerk.text
    assert "Contenuto riservato" in browser_of(app, world.editor).get(answer).text
    for person in (member, stranger, desk, rival, world.clerk):
        assert "Contenuto riservato" not in browser_of(app, person).get(answer).text
        assert browser_of(app, person).get(f"{answer}?as={world.supplier.slug}").status_code == 404
    assert app.test_client().get(answers).status_code == 302


def test_hostile_words_stay_words(app, world):
    """Ordeal 31: on the buyer's page, on the supplier's, and among the questions."""
    from tests.answer_factories import make_question
    from tests.marketplace.test_hostile_text import assert_inert

    session, demand = world.session, world.demand
    bad = "<img src=x onerror=alert(1)></script>[x](javascript:alert(1))"
    world.proposal.message, world.proposal.experience, world.proposal.lines[0].note = bad, bad, bad
    make_question(session, demand, world.supplier, text=bad, answer=bad, answered_at=NOW)
    demand.closes_at = NOW - TICK
    demand.title = bad
    session.commit()
    clerk, editor = browser_of(app, world.clerk), browser_of(app, world.editor)
    for browser, page in (
        (clerk, "answers"),
        (editor, "answer"),
        (clerk, "questions"),
        (editor, "share"),
        (editor, "together"),
    ):
        answer = browser.get(f"/demands/{demand.id}/{page}")
        assert answer.status_code == 200, page
        assert_inert(answer.text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e5", "-0", "１２", "1_000", "10" * 20])
def test_prices_are_plain_decimals(app, world, text):
    """Ordeal 18, through the form."""
    demand = world.demand
    demand.closes_at = demand.closes_at.replace(year=2096)
    world.session.commit()
    before = world.proposal.version
    answer = browser_of(app, world.editor).post(
        f"/demands/{demand.id}/answer?as={world.supplier.slug}",
        data={f"lot_{demand.lots[0].id}-price": text, "version": str(before), "do": "hand_in"},
    )
    assert answer.status_code == 400
    world.session.refresh(world.proposal)
    assert world.proposal.version == before


def test_fields_that_no_form_has_are_ignored(app, world):
    """Ordeal 28."""
    demand = world.demand
    demand.closes_at = demand.closes_at.replace(year=2096)
    world.session.commit()
    lot = demand.lots[0].id
    other = make_organisation(world.session)
    answer = browser_of(app, world.editor).post(
        f"/demands/{demand.id}/answer?as={world.supplier.slug}",
        data={
            f"lot_{lot}-price": "2,50",
            f"lot_{lot}-vat_rate": "400",
            "version": str(world.proposal.version),
            "organisation_id": str(other.id),
            "submitted_at": "2020-01-01",
            "with_vat": "1",
            "not_chosen_because": "x",
            "id": "999",
        },
    )
    assert answer.status_code == 302
    world.session.refresh(world.proposal)
    kept = world.proposal
    assert (kept.organisation_id, kept.with_vat, kept.not_chosen_because) == (world.supplier.id, False, "")
    assert kept.lines[0].price == 25_000


def test_a_consultation_shows_replies_only(session):
    world = World(session, type=DemandType.MARKET_CONSULTATION, closes_at=NOW - TICK)
    make_proposal(session, world.demand, world.supplier, lines=(), message="Sì")
    (row,) = queries.opened(session, world.clerk, world.demand, NOW)
    assert (row.lines, row.message) == ({}, "Sì")
