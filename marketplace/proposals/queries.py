"""What is read of questions and proposals, and by whom. Nobody reads a proposal but by these functions.

A supplier reads its own always, and leads a joint one knowing all of it; of that its partners read as much as
:func:`row_for` says; the buyer once :func:`marketplace.proposals.rules.may_open` says so,
and until then only how many there are. Nobody else does, the desk included: it is no party.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.catalogue.models import Offer
from marketplace.demands.access import is_buyer, state_of
from marketplace.demands.models import Demand
from marketplace.demands.posting_models import Prompt
from marketplace.errors import Conflict, NotFound
from marketplace.organisations.models import Membership, Organisation
from marketplace.proposals.models import PromptReply, Proposal, ProposalLine, ProposalPartner, Question
from marketplace.proposals.rules import may_open


@dataclass(frozen=True, slots=True)
class LineRow:
    """What one supplier brings for one lot; units as in :class:`marketplace.proposals.models.ProposalLine`."""

    lot_id: int
    organisation_id: int
    organisation: str
    price: int | None
    vat_rate: int | None
    quantity: int | None
    available_from: date | None
    offer_id: int | None
    offer: str | None
    note: str
    #: Whether there is more than this reader may know: price, VAT, note.
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class PartnerRow:
    organisation_id: int
    slug: str
    name: str
    agreed: bool
    declined: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal as plain values.

    ``lines`` by lot id, in a joint proposal several for one lot. ``proofs`` as frozen when it was handed in: dicts
    of criterion, proof, details, link, expires, claim_id, organisation_id. ``replies`` by prompt id.
    """

    id: int
    organisation_id: int
    slug: str
    name: str
    message: str
    experience: str
    with_vat: bool
    lines: Mapping[int, tuple[LineRow, ...]]
    proofs: tuple[Mapping, ...]
    partners: tuple[PartnerRow, ...]
    replies: Mapping[int, str]
    submitted_at: datetime | None
    not_chosen_because: str = ""
    shows_prices: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A public question without who asked it; ``is_own`` for members of the organisation that did."""

    id: int
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    is_own: bool


def questions(session: Session, person: User, demand_id: int) -> list[QuestionRow]:
    """Questions and answers on a demand, oldest first. Whether the person may read the demand is asked before."""
    own = set()
    if person.is_authenticated:
        own = set(
            session.scalars(sa.select(Membership.organisation_id).where(Membership.person_id == person.id))
        )
    found = session.scalars(sa.select(Question).where(Question.demand_id == demand_id).order_by(Question.id))
    return [
        QuestionRow(one.id, one.text, one.asked_at, one.answer, one.answered_at, one.organisation_id in own)
        for one in found
    ]


def proposal_with(session: Session, demand_id: int, organisation_id: int) -> Proposal | None:
    """The proposal that an organisation takes part in: the joint one to which it agreed, else its own."""
    agreed = sa.select(ProposalPartner.proposal_id).where(
        ProposalPartner.organisation_id == organisation_id,
        ProposalPartner.agreed_at.is_not(None),
        ProposalPartner.declined_at.is_(None),
    )
    found = session.scalars(
        sa.select(Proposal)
        .where(
            Proposal.demand_id == demand_id,
            sa.or_(Proposal.organisation_id == organisation_id, Proposal.id.in_(agreed)),
        )
        .order_by(Proposal.id)
    ).all()
    return min(found, key=lambda one: one.organisation_id == organisation_id, default=None)


def invitations(session: Session, demand_id: int, organisation_id: int) -> list[tuple[int, str]]:
    """Joint proposals to which an organisation was invited and has not replied: id, and who leads."""
    return [
        tuple(row)
        for row in session.execute(
            sa.select(Proposal.id, Organisation.name)
            .join(Organisation, Organisation.id == Proposal.organisation_id)
            .join(ProposalPartner, ProposalPartner.proposal_id == Proposal.id)
            .where(
                Proposal.demand_id == demand_id,
                ProposalPartner.organisation_id == organisation_id,
                ProposalPartner.agreed_at.is_(None),
                ProposalPartner.declined_at.is_(None),
            )
            .order_by(Proposal.id)
        )
    ]


def prompts(session: Session, demand_id: int) -> Sequence[Prompt]:
    """What the buyer of a consultation asks everybody."""
    return session.scalars(
        sa.select(Prompt).where(Prompt.demand_id == demand_id).order_by(Prompt.position)
    ).all()


def _handed_in(demand_id: int):
    return sa.and_(
        Proposal.demand_id == demand_id, Proposal.submitted_at.is_not(None), Proposal.withdrawn_at.is_(None)
    )


def count_handed_in(session: Session, demand_id: int) -> int:
    """How many answers came: all that the buyer knows before it may open them."""
    return session.scalar(sa.select(sa.func.count(Proposal.id)).where(_handed_in(demand_id)))


def opened(session: Session, person: User, demand: Demand, now: datetime) -> tuple[ProposalRow, ...]:
    """All proposals handed in, by name, for an editor of the buyer. Six queries, however many there are.

    Raises :class:`NotFound` for whoever is not the buyer, and :class:`Conflict` (``answers_sealed``) while the type
    or the buyer keeps them closed.
    """
    if not is_buyer(session, person, demand):
        raise NotFound
    if not may_open(demand, state_of(session, demand, now)):
        raise Conflict(code="answers_sealed")
    return _rows(session, session.scalars(sa.select(Proposal).where(_handed_in(demand.id))).all())


def row_of(session: Session, proposal: Proposal) -> ProposalRow:
    """One proposal for who leads it; the caller has asked who."""
    return _rows(session, [proposal])[0]


def row_for(session: Session, proposal: Proposal, organisation_id: int) -> ProposalRow:
    """A proposal as one of those who take part in it may read it; the caller has asked which.

    Who leads hands in and reads everything. Competitors may be among the partners: before one has agreed it reads who
    takes part and who would bring what, without a word or a price of anybody; then also the leader's words, and of the
    prices its own, and the leader's where the leader shows them.
    """
    row = row_of(session, proposal)
    if organisation_id == row.organisation_id:
        return row
    agreed = any(one.organisation_id == organisation_id and one.agreed for one in row.partners)
    readable = {organisation_id} | ({row.organisation_id} if agreed and row.shows_prices else set())
    lines = {
        lot_id: tuple(line if line.organisation_id in readable else _without_price(line) for line in lot)
        for lot_id, lot in row.lines.items()
    }
    if agreed:
        return replace(row, lines=lines)
    return replace(row, lines=lines, message="", experience="", replies={}, proofs=())


def _without_price(line: LineRow) -> LineRow:
    return replace(line, price=None, vat_rate=None, note="", is_hidden=True)


def _rows(session: Session, proposals: Sequence[Proposal]) -> tuple[ProposalRow, ...]:
    ids = [proposal.id for proposal in proposals]
    named = {proposal.organisation_id for proposal in proposals}
    named |= {partner.organisation_id for proposal in proposals for partner in proposal.partners}
    named |= {line.organisation_id for proposal in proposals for line in proposal.lines}
    organisations = {
        row.id: row
        for row in session.execute(
            sa.select(Organisation.id, Organisation.name, Organisation.slug).where(Organisation.id.in_(named))
        )
    }
    offers = {
        row.id: row.title
        for row in session.execute(
            sa.select(Offer.id, Offer.title)
            .join(ProposalLine, ProposalLine.offer_id == Offer.id)
            .where(ProposalLine.proposal_id.in_(ids))
        )
    }
    replies = defaultdict(dict)
    for reply in session.scalars(sa.select(PromptReply).where(PromptReply.proposal_id.in_(ids))):
        replies[reply.proposal_id][reply.prompt_id] = reply.text
    rows = [
        _row(proposal, organisations, offers, replies[proposal.id])
        for proposal in proposals
        if proposal.organisation_id in organisations
    ]
    return tuple(sorted(rows, key=lambda row: (row.name, row.id)))


def _row(proposal: Proposal, organisations, offers, replies) -> ProposalRow:
    lines = defaultdict(list)
    for line in proposal.lines:
        lines[line.lot_id].append(
            LineRow(
                line.lot_id,
                line.organisation_id,
                organisations[line.organisation_id].name,
                line.price,
                line.vat_rate,
                line.quantity,
                line.available_from,
                line.offer_id,
                offers.get(line.offer_id),
                line.note,
            )
        )
    lead = organisations[proposal.organisation_id]
    return ProposalRow(
        id=proposal.id,
        organisation_id=proposal.organisation_id,
        slug=lead.slug,
        name=lead.name,
        message=proposal.message,
        experience=proposal.experience,
        with_vat=proposal.with_vat,
        lines={lot_id: tuple(found) for lot_id, found in lines.items()},
        proofs=tuple(proposal.proofs),
        partners=tuple(
            PartnerRow(
                partner.organisation_id,
                organisations[partner.organisation_id].slug,
                organisations[partner.organisation_id].name,
                partner.agreed_at is not None and partner.declined_at is None,
                partner.declined_at is not None,
            )
            for partner in proposal.partners
        ),
        replies=replies,
        submitted_at=proposal.submitted_at,
        not_chosen_because=proposal.not_chosen_because,
        shows_prices=proposal.shows_prices,
    )
