"""Joint answers: asked, agreed to or not, each with its own part, handed in once all have agreed."""

import pytest

from marketplace.errors import Conflict, NotFound
from marketplace.organisations.models import Kind, MemberRole
from marketplace.proposals import queries
from marketplace.proposals.answer_values import LineValues
from marketplace.proposals.models import Proposal
from marketplace.proposals.partner_operations import (
    MOST_INVITATIONS_A_DAY,
    invite_partners,
    remove_partner,
    reply_to_invitation,
    show_prices,
)
from tests.factories import make_membership, make_organisation, make_user
from tests.marketplace.proposals.test_answering import LATER, World


class Joint(World):
    def __init__(self, session):
        super().__init__(session)
        self.partner = make_organisation(session)
        self.second = make_user(session)
        make_membership(session, self.second, self.partner, MemberRole.EDITOR)

    def invite(self, *ids):
        return invite_partners(
            self.session,
            self.editor,
            self.demand.id,
            self.supplier.slug,
            list(ids or [self.partner.id]),
            now=LATER,
        )

    def reply(self, proposal, agree=True):
        reply_to_invitation(
            self.session,
            self.second,
            self.demand.id,
            self.partner.slug,
            proposal.id,
            agree=agree,
            now=LATER,
        )

    def save_part(self, proposal, **values):
        line = LineValues(self.demand.lots[1].id, price=9_000, vat_rate=1000)
        return self.save(
            actor=self.second, slug=self.partner.slug, version=proposal.version, lines=(line,), **values
        )


@pytest.fixture
def world(session):
    return Joint(session)


def test_editors_of_a_partner_are_asked_by_mail_once(world):
    world.invite()
    world.invite()
    assert [mail["to"] for mail in world.mails()] == [world.second.email]


def test_it_is_handed_in_once_everybody_has_agreed(world):
    proposal = world.invite()
    with pytest.raises(Conflict) as early:
        world.save(version=proposal.version, hand_in=True)
    assert early.value.code == "partners_undecided"
    world.session.refresh(proposal)
    world.reply(proposal)
    world.save_part(proposal)
    assert world.save(version=proposal.version, hand_in=True).submitted_at == LATER
    (row,) = queries.opened(world.session, world.clerk, world.demand, world.demand.closes_at)
    assert {line.organisation for lines in row.lines.values() for line in lines} == {
        world.supplier.name,
        world.partner.name,
    }
    assert [partner.agreed for partner in row.partners] == [True]


def test_each_writes_its_own_part_only(world):
    proposal = world.invite()
    world.reply(proposal)
    world.save(version=proposal.version, message="Guido io")
    world.save_part(proposal, message="Cambio io", hand_in=True)
    assert (proposal.message, proposal.submitted_at) == ("Guido io", None)
    assert {line.organisation_id for line in proposal.lines} == {world.supplier.id, world.partner.id}


def test_who_leaves_takes_its_part_along_and_the_answer_is_a_draft_again(world):
    proposal = world.invite()
    world.reply(proposal)
    world.save_part(proposal)
    world.save(version=proposal.version, hand_in=True)
    world.reply(proposal, agree=False)
    assert proposal.submitted_at is None
    assert {line.organisation_id for line in proposal.lines} == {world.supplier.id}
    assert world.mails()[-1]["to"] == world.editor.email
    with pytest.raises(NotFound):
        world.reply(proposal)


def test_the_leader_takes_somebody_off(world):
    proposal = world.invite()
    remove_partner(
        world.session, world.editor, world.demand.id, world.supplier.slug, world.partner.id, now=LATER
    )
    assert proposal.partners == []
    with pytest.raises(NotFound):
        world.reply(proposal)


def test_taking_off_who_had_declined_leaves_what_was_handed_in(world):
    proposal = world.invite()
    world.reply(proposal, agree=False)
    world.save(version=proposal.version, hand_in=True)
    remove_partner(
        world.session, world.editor, world.demand.id, world.supplier.slug, world.partner.id, now=LATER
    )
    assert proposal.submitted_at == LATER


def test_nobody_is_written_to_without_end_by_being_asked_and_taken_off(world):
    for _round in range(MOST_INVITATIONS_A_DAY):
        world.invite()
        remove_partner(
            world.session, world.editor, world.demand.id, world.supplier.slug, world.partner.id, now=LATER
        )
    with pytest.raises(Conflict) as stopped:
        world.invite()
    assert stopped.value.code == "too_many_today"
    told = [mail for mail in world.mails() if mail["to"] == world.second.email]
    assert len(told) == MOST_INVITATIONS_A_DAY


def test_nobody_answers_twice(world):
    proposal = world.invite()
    own = world.save(actor=world.second, slug=world.partner.slug, hand_in=True)
    with pytest.raises(Conflict) as twice:
        world.reply(proposal)
    assert twice.value.code == "own_answer"
    assert own.organisation_id == world.partner.id


def test_what_is_handed_in_is_taken_back_before_others_are_asked(world):
    world.save(hand_in=True)
    with pytest.raises(Conflict) as refused:
        world.invite()
    assert refused.value.code == "handed_in"


def test_groups_the_buyer_and_oneself_cannot_be_asked(world):
    group = make_organisation(world.session, kinds=(Kind.BUYING_GROUP,))
    for nobody in (group.id, world.buyer.id, world.supplier.id, 10**9):
        with pytest.raises(NotFound):
            world.invite(nobody)


def test_strangers_reply_to_no_invitation(world):
    proposal = world.invite()
    stranger, theirs = make_user(world.session), make_organisation(world.session)
    make_membership(world.session, stranger, theirs)
    with pytest.raises(NotFound):
        reply_to_invitation(
            world.session, stranger, world.demand.id, theirs.slug, proposal.id, agree=True, now=LATER
        )
    with pytest.raises(NotFound):
        reply_to_invitation(
            world.session, stranger, world.demand.id, world.partner.slug, proposal.id, agree=True, now=LATER
        )


def prices(world, proposal, organisation):
    row = queries.row_for(world.session, proposal, organisation.id)
    return {line.organisation_id: line.price for lines in row.lines.values() for line in lines}


def test_partners_read_no_price_but_their_own_unless_the_leader_shows_its_prices(world):
    third, person = make_organisation(world.session), make_user(world.session)
    make_membership(world.session, person, third, MemberRole.EDITOR)
    proposal = world.save(message="Costa 5 euro al chilo").id
    proposal = world.session.get_one(Proposal, proposal)
    lead = {line.organisation_id: line.price for line in proposal.lines}
    world.invite(world.partner.id, third.id)
    assert prices(world, proposal, world.partner) == {world.supplier.id: None}
    assert queries.row_for(world.session, proposal, world.partner.id).message == ""
    world.reply(proposal)
    world.save_part(proposal)
    assert prices(world, proposal, world.partner) == {world.supplier.id: None, world.partner.id: 9_000}
    assert prices(world, proposal, third) == {world.supplier.id: None, world.partner.id: None}
    show_prices(world.session, world.editor, world.demand.id, world.supplier.slug, shown=True, now=LATER)
    assert prices(world, proposal, world.partner) == lead | {world.partner.id: 9_000}
    assert set(prices(world, proposal, third).values()) == {None}
    assert prices(world, proposal, world.supplier) == lead | {world.partner.id: 9_000}
    with pytest.raises(NotFound):
        show_prices(world.session, world.second, world.demand.id, world.partner.slug, shown=True, now=LATER)
