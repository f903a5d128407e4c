"""Saving, handing in, changing and taking back an answer."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.demands.models import DemandType
from marketplace.demands.posting_models import Prompt
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.organisations.models import Kind, MemberRole, Status
from marketplace.proposals.answer_values import AnswerValues, LineValues
from marketplace.proposals.models import Proposal
from marketplace.proposals.operations import save_proposal, withdraw_proposal
from tests.factories import (
    NOW,
    make_claim,
    make_demand,
    make_lot,
    make_membership,
    make_offer,
    make_organisation,
    make_user,
)
from tests.support.mails import mails

LATER = NOW + timedelta(hours=1)


class World:
    """A municipality that asks for quotes, and a supplier's editor."""

    def __init__(self, session, **demand):
        self.session = session
        self.buyer = make_organisation(session, kinds=(Kind.LOCAL_AUTHORITY,))
        self.clerk = make_user(session)
        make_membership(session, self.clerk, self.buyer, MemberRole.EDITOR)
        self.supplier = make_organisation(session)
        self.editor = make_user(session)
        make_membership(session, self.editor, self.supplier, MemberRole.EDITOR)
        values = {
            "type": DemandType.QUOTE_REQUEST,
            "closes_at": NOW + timedelta(days=9),
            "author_id": self.clerk.id,
            "weights": {"fit": 3, "proximity": 0, "values": 2, "price": 1},
            "lots": (make_lot(1, quantity=5000, unit="kg"), make_lot(2)),
        }
        self.demand = make_demand(session, self.buyer, **values | demand)
        self.line = LineValues(self.demand.lots[0].id, price=12_000, vat_rate=400, quantity=3000)

    def save(self, *, version=0, hand_in=False, actor=None, slug=None, now=LATER, **values):
        values.setdefault("lines", (self.line,))
        return save_proposal(
            self.session,
            actor or self.editor,
            self.demand.id,
            slug or self.supplier.slug,
            AnswerValues(**values),
            version=version,
            hand_in=hand_in,
            now=now,
        )

    def mails(self):
        return mails(self.session)


@pytest.fixture
def world(session):
    return World(session)


def test_an_answer_is_kept_while_it_is_written_and_the_buyer_hears_nothing(world):
    proposal = world.save(message="Portiamo il lunedì.")
    assert (proposal.submitted_at, proposal.with_vat, proposal.message) == (
        None,
        False,
        "Portiamo il lunedì.",
    )
    assert [(line.price, line.vat_rate, line.quantity) for line in proposal.lines] == [(12_000, 400, 3000)]
    assert world.mails() == []


def test_handing_in_tells_the_buyer_neither_who_nor_what(world):
    proposal = world.save(hand_in=True, message="Segreto")
    assert proposal.submitted_at == LATER
    (mail,) = world.mails()
    assert mail["to"] == world.clerk.email
    assert world.supplier.name not in mail["text"] + mail["subject"]
    assert "Segreto" not in mail["text"]
    verbs = world.session.scalars(sa.select(AuditEvent.verb).where(AuditEvent.subject == "proposal")).all()
    assert verbs == ["proposal.handed_in"]


def test_the_same_answer_sent_twice_is_one(world):
    """Ordeal 3: the second has not seen the first, and says the same."""
    first = world.save(hand_in=True)
    version = first.version
    second = world.save(hand_in=True)
    assert (second.id, second.version) == (first.id, version)
    assert world.session.scalar(sa.select(sa.func.count(Proposal.id))) == 1
    assert len(world.mails()) == 1


def test_of_two_editors_the_second_is_told(world):
    first = world.save()
    seen = first.version
    world.save(version=seen, message="La mia")
    with pytest.raises(Conflict) as refused:
        world.save(version=seen, message="La tua")
    assert refused.value.code == "changed_meanwhile"
    assert world.session.get(Proposal, first.id).message == "La mia"


def test_what_was_handed_in_can_be_changed_and_stays_handed_in(world):
    first = world.save(hand_in=True)
    changed = world.save(version=first.version, message="Meglio", now=LATER + timedelta(hours=1))
    assert changed.submitted_at == LATER + timedelta(hours=1)
    with pytest.raises(Invalid):
        world.save(version=changed.version, lines=())
    assert len(world.mails()) == 1


def test_a_line_that_is_emptied_goes_and_another_comes(world):
    first = world.save()
    other = LineValues(world.demand.lots[1].id, price=5, available_from=date(2027, 1, 1))
    again = world.save(version=first.version, lines=(other,))
    assert [(line.lot_id, line.available_from) for line in again.lines] == [(other.lot_id, date(2027, 1, 1))]


def test_it_can_be_taken_back_and_handed_in_again(world):
    first = world.save(hand_in=True)
    withdraw_proposal(world.session, world.editor, world.demand.id, world.supplier.slug, now=LATER)
    withdraw_proposal(world.session, world.editor, world.demand.id, world.supplier.slug, now=LATER)
    assert first.withdrawn_at == LATER
    again = world.save(version=first.version, hand_in=True)
    assert again.withdrawn_at is None
    assert again.submitted_at is not None


@pytest.mark.parametrize("after", [timedelta(0), timedelta(milliseconds=1)])
def test_from_the_instant_of_the_deadline_it_is_sealed(world, after):
    first = world.save(hand_in=True, now=world.demand.closes_at - timedelta(milliseconds=1))
    late = world.demand.closes_at + after
    with pytest.raises(Conflict) as refused:
        world.save(version=first.version, message="Tardi", now=late)
    assert refused.value.code == "closed"
    with pytest.raises(Conflict):
        withdraw_proposal(world.session, world.editor, world.demand.id, world.supplier.slug, now=late)


def test_strangers_members_the_buyer_and_the_suspended_answer_nothing(world):
    session = world.session
    stranger, member = make_user(session), make_user(session)
    make_membership(session, stranger, make_organisation(session))
    make_membership(session, member, world.supplier, MemberRole.MEMBER)
    for actor in (stranger, member, world.clerk):
        with pytest.raises(NotFound):
            world.save(actor=actor)
    with pytest.raises(NotFound):
        world.save(actor=world.clerk, slug=world.buyer.slug)
    world.supplier.status = Status.SUSPENDED
    with pytest.raises(NotFound):
        world.save()


def test_a_purchasing_group_answers_nothing(world):
    group = make_organisation(world.session, kinds=(Kind.BUYING_GROUP,))
    make_membership(world.session, world.editor, group)
    with pytest.raises(NotFound):
        world.save(slug=group.slug)


def test_lots_offers_claims_and_prompts_of_others_are_not_there(world):
    session = world.session
    other = make_organisation(session)
    elsewhere = make_demand(session, world.buyer)
    offer, claim = make_offer(session, other), make_claim(session, other)
    prompt = Prompt(demand_id=elsewhere.id, position=1, text="?")
    session.add(prompt)
    session.flush()
    lot_id = world.demand.lots[0].id
    for values in (
        {"lines": (LineValues(elsewhere.lots[0].id, price=1, vat_rate=0),)},
        {"lines": (LineValues(lot_id, price=1, vat_rate=0, offer_id=offer.id),)},
        {"claim_ids": frozenset({claim.id})},
        {"replies": {prompt.id: "x"}},
    ):
        with pytest.raises(NotFound):
            world.save(**values)
    assert session.scalar(sa.select(sa.func.count(Proposal.id))) == 0


def test_proofs_are_frozen_as_they_were_when_it_was_handed_in(session):
    world = World(session, required=[{"criterion": "organic", "proofs": ["certified"]}])
    claim = make_claim(session, world.supplier)
    unverified = make_claim(session, world.supplier, verified=False)
    proposal = world.save(hand_in=True, claim_ids=frozenset({claim.id}))
    details = dict(claim.details)
    claim.details = {}
    session.flush()
    (proof,) = proposal.proofs
    assert proof["details"] == details
    assert (proof["criterion"], proof["proof"], proof["expires"]) == ("organic", "certified", "2027-12-31")
    with pytest.raises(NotFound):
        world.save(version=proposal.version, claim_ids=frozenset({unverified.id}))


def test_a_consultation_takes_words_and_no_prices(session):
    world = World(session, type=DemandType.MARKET_CONSULTATION)
    prompt = Prompt(demand_id=world.demand.id, position=1, text="Che tempi?")
    session.add(prompt)
    session.flush()
    with pytest.raises(Invalid):
        world.save(hand_in=True)
    proposal = world.save(hand_in=True, replies={prompt.id: "Due settimane"}, experience="Nulla")
    assert proposal.lines == []
    assert [reply.text for reply in proposal.replies] == ["Due settimane"]
    assert proposal.experience == ""


@pytest.mark.parametrize("type_", [DemandType.CO_DESIGN, DemandType.NOTICE_ELSEWHERE])
def test_boards_and_notices_take_no_answer(session, type_):
    with pytest.raises(Conflict):
        World(session, type=type_).save()


def test_prices_for_a_group_are_with_vat(session):
    group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    world = World(session)
    world.demand = make_demand(session, group, closes_at=NOW + timedelta(days=2))
    line = LineValues(world.demand.lots[0].id, price=30_000)
    assert world.save(hand_in=True, lines=(line,)).with_vat
