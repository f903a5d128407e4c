"""The comparison: sealed until the deadline, for the buyer alone; weights moved by communities only."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.choosing import weight_operations
from marketplace.choosing.compare_page import compare_page
from marketplace.clock import utc_now
from marketplace.errors import Conflict, NotFound
from marketplace.organisations.models import Kind
from marketplace.proposals.models import ProposalPartner
from search.demand import Weights
from tests.answer_factories import make_joint, make_proposal
from tests.factories import NOW, make_area, make_claim, make_demand, make_offer, make_organisation
from tests.marketplace.choosing.market import LATER, carrots, make_grower, make_quotes, make_town
from tests.support.people import people_of
from tests.support.sql import counted_statements

MOVED = Weights(fit=1, proximity=1, values=1, price=5)


@pytest.fixture
def town(session):
    return make_town(session)


@pytest.fixture
def people(app, session, town):
    return people_of(app, session, town)


@pytest.fixture
def group(session):
    return make_organisation(session, kinds=(Kind.BUYING_GROUP,))


def test_answers_stand_side_by_side_with_amounts_and_proofs(session, town, people):
    demand = make_quotes(session, town)
    one, other = make_grower(session, "Primo"), make_grower(session, "Secondo")
    make_proposal(session, demand, one, lines=({"lot_id": demand.lots[0].id, "price": 15_000},))
    make_proposal(session, demand, other, lines=({"lot_id": demand.lots[0].id, "quantity": 40_000},))
    session.commit()
    page = people.editor.get(f"/demands/{demand.id}/compare").text
    assert "150,00\xa0€" in page
    assert "165,00\xa0€" in page
    assert "In parte: 40\xa0kg di 100\xa0kg" in page
    assert "IT-BIO-000" in page


def test_claims_of_the_single_offers_that_answer_are_told_and_others_are_not(session, town, people):
    demand = make_quotes(session, town)
    grower = make_organisation(session, name="Orto")
    make_area(session, grower)
    sure = make_offer(session, grower, title="Carote sicure", category="food.vegetables.carrots")
    other = make_offer(session, grower, title="Mele altrui", category="food.fruit")
    for offer in (sure, other):
        make_claim(session, grower, offer)
    make_proposal(session, demand, grower, lines=({"lot_id": demand.lots[0].id, "offer_id": sure.id},))
    session.commit()
    page = people.editor.get(f"/demands/{demand.id}/compare").text
    assert "solo «Carote sicure»" in page
    assert "Mele altrui" not in page


def test_of_a_joint_answer_each_partner_s_part_stands_for_itself(session, town, people):
    demand = make_quotes(session, town, lots=(carrots(0), carrots(1)))
    lead, partner, away = (make_grower(session, name) for name in ("Guida", "Compagna", "Ritirata"))
    proposal = make_joint(session, demand, lead, partner)
    row = ProposalPartner(organisation_id=away.id, invited_at=NOW, agreed_at=NOW, declined_at=NOW)
    proposal.partners.append(row)
    session.commit()
    page = people.editor.get(f"/demands/{demand.id}/compare").text
    assert page.count("su 100") == 1
    assert "Guida (carote): " in page
    assert "Compagna (carote): " in page
    assert page.count("IT-BIO-000") == 2
    assert "200,00\xa0€ senza IVA" in page
    assert "Ritirata" not in page


def test_a_joint_answer_stands_where_all_together_put_it(session, town, people):
    """Its leader alone would be first: organic, but its partner proves nothing."""
    demand = make_quotes(session, town, lots=(carrots(0), carrots(1)))
    lead, alone = make_grower(session, "Guida"), make_grower(session, "Sola")
    partner = make_organisation(session, name="Compagna")
    make_area(session, partner)
    make_offer(session, partner, title="Carote", category="food.vegetables.carrots")
    make_joint(session, demand, lead, partner)
    make_proposal(session, demand, alone)
    lacking = make_joint(session, demand, make_organisation(session, name="Lontana"), make_grower(session))
    session.commit()
    compared = compare_page(session, people.persons["editor"], demand, LATER)
    columns = compared.comparison.columns
    assert [column.proposal.name for column in columns] == ["Sola", "Guida", "Lontana"]
    first, second, third = (column.score for column in columns)
    assert first == compared.answer.matches[0].score > second
    assert third is None
    assert compared.joint_sentences.keys() == {columns[1].proposal.id, lacking.id}
    assert "Senza punteggio" in people.editor.get(f"/demands/{demand.id}/compare").text


def test_before_the_deadline_the_page_says_only_how_many_came(session, town, people):
    demand = make_quotes(session, town, closes_at=utc_now() + timedelta(days=3))
    make_proposal(session, demand, make_grower(session, "Nascosto"))
    session.commit()
    page = people.editor.get(f"/demands/{demand.id}/compare").text
    assert "ancora sigillate" in page
    assert "Nascosto" not in page


def test_the_comparison_is_the_buyer_s_alone(session, town, people):
    demand = make_quotes(session, town)
    supplier = make_grower(session)
    make_proposal(session, demand, supplier)
    session.commit()
    path = f"/demands/{demand.id}/compare"
    assert people.stranger.get(path).status_code == 404
    assert people.member.get(path).status_code == 404
    assert people.anonymous.get(path).status_code == 302


def test_a_community_moves_what_counts_and_each_change_leaves_a_trace(app, session, group):
    people = people_of(app, session, group)
    demand = make_demand(
        session, group, lots=(carrots(),), preferred=[{"criterion": "organic", "importance": 1}]
    )
    weight_operations.move_weights(session, people.persons["editor"], demand, MOVED, now=LATER)
    assert demand.weights == {"fit": 1, "proximity": 1, "values": 1, "price": 5}
    event = session.scalar(sa.select(AuditEvent).where(AuditEvent.verb == "demand.weights_moved"))
    assert event.details == {"before": {}, "after": demand.weights}
    weight_operations.move_weights(session, people.persons["editor"], demand, MOVED, now=LATER)
    assert session.scalar(sa.select(sa.func.count(AuditEvent.id))) == 1


def test_weights_of_a_public_body_are_locked(session, town, people):
    demand = make_quotes(session, town)
    before = dict(demand.weights)
    with pytest.raises(Conflict) as refused:
        weight_operations.move_weights(session, people.persons["owner"], demand, MOVED, now=LATER)
    assert refused.value.code == "weights_locked"
    assert demand.weights == before
    session.commit()
    sent = people.owner.post(
        f"/demands/{demand.id}/weights", data={"fit": 1, "proximity": 1, "values": 1, "price": 1}
    )
    assert sent.status_code == 409


def test_nobody_else_moves_them(app, session, group):
    people = people_of(app, session, group)
    demand = make_demand(session, group, lots=(carrots(),))
    with pytest.raises(NotFound):
        weight_operations.move_weights(session, people.persons["stranger"], demand, MOVED, now=LATER)


def test_the_page_moves_them_and_refuses_nothing_at_all(app, session, group):
    people = people_of(app, session, group)
    demand = make_demand(session, group, lots=(carrots(),))
    make_proposal(session, demand, make_grower(session))
    session.commit()
    path = f"/demands/{demand.id}/weights"
    people.editor.post(path, data={"fit": 0, "proximity": 0, "values": 0, "price": 0})
    session.refresh(demand)
    assert demand.weights == {}
    people.editor.post(path, data={"fit": 2, "proximity": 0, "values": 1, "price": 9})
    session.refresh(demand)
    assert demand.weights["price"] == 9


def test_the_page_asks_as_often_for_many_answers_as_for_few(app, session, town, people):
    demand = make_quotes(session, town)
    make_proposal(session, demand, make_grower(session))
    session.commit()
    path = f"/demands/{demand.id}/compare"
    people.editor.get(path)
    with counted_statements(app) as few:
        people.editor.get(path)
    for _number in range(4):
        make_proposal(session, demand, make_grower(session))
    session.commit()
    with counted_statements(app) as many:
        people.editor.get(path)
    assert len(many) <= len(few) <= 40
