"""To which suppliers may be written about a demand: those that suit it, take part in its board, or have answered."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.boards.models import BoardPartner
from marketplace.catalogue.documents import supplier_documents
from marketplace.demands.access import state_of
from marketplace.demands.models import Demand
from marketplace.demands.types import RANKED_TYPES
from marketplace.demands.values import matchable
from marketplace.organisations.models import Organisation, Status
from marketplace.proposals.models import Proposal, ProposalPartner
from marketplace.proposals.rules import may_open
from search.memory import World

#: Suppliers that a page offers to write to; any other is reached from its own page.
MOST_OFFERED = 100


def may_be_written_to(
    session: Session, demand: Demand, organisation_id: int, now: datetime, *, by_supplier: int | None = None
) -> bool:
    """Whether about the demand may be written to a supplier, by the buyer or by another one, ``by_supplier``.

    By the buyer: the supplier suits the demand (of a type that ranks nobody: has something in its categories), or
    takes part in it. By another supplier: it has something in its categories, or answers together with that one;
    never because it has answered, which is nobody's business but the buyer's.
    """
    if by_supplier is None:
        part = _taking_part(session, demand, now)
    else:
        part = _together(session, demand.id, by_supplier)
    if organisation_id in part:
        return True
    documents = list(supplier_documents(session, [organisation_id]))
    if not documents:
        return False
    world = World(documents, engines.categories(), engines.criteria())
    asked = matchable(demand)
    if by_supplier is not None or demand.type not in RANKED_TYPES:
        return world.concerns(asked)
    return bool(world.match(asked, now).matches)


def suppliers_to_write_to(session: Session, demand: Demand, now: datetime) -> Sequence[Organisation]:
    """Those that suit the demand, the best first, after those that take part in it; each once."""
    ids = list(_taking_part(session, demand, now))
    if demand.type in RANKED_TYPES:
        answer = engines.search_engine().match(matchable(demand), now, limit=MOST_OFFERED, near_miss_limit=0)
        ids += [match.supplier_id for match in answer.matches]
    order = {id_: place for place, id_ in enumerate(dict.fromkeys(ids))}
    order.pop(demand.organisation_id, None)
    found = session.scalars(
        sa.select(Organisation).where(Organisation.id.in_(list(order)), Organisation.status == Status.ACTIVE)
    )
    return sorted(found, key=lambda one: order[one.id])


def _taking_part(session: Session, demand: Demand, now: datetime) -> dict[int, None]:
    """Who has answered, once the buyer may know of it, and who came forward for its board."""
    forward = sa.select(BoardPartner.organisation_id).where(
        BoardPartner.demand_id == demand.id, BoardPartner.left_at.is_(None)
    )
    if not may_open(demand, state_of(session, demand, now)):
        return dict.fromkeys(sorted(session.scalars(forward)))
    answered = sa.select(Proposal.organisation_id).where(
        Proposal.demand_id == demand.id, Proposal.submitted_at.is_not(None), Proposal.withdrawn_at.is_(None)
    )
    together = (
        sa.select(ProposalPartner.organisation_id)
        .join(Proposal, Proposal.id == ProposalPartner.proposal_id)
        .where(
            Proposal.demand_id == demand.id,
            Proposal.submitted_at.is_not(None),
            Proposal.withdrawn_at.is_(None),
            ProposalPartner.agreed_at.is_not(None),
        )
    )
    return dict.fromkeys(sorted(session.scalars(sa.union(answered, together, forward))))


def _together(session: Session, demand_id: int, organisation_id: int) -> set[int]:
    """Who has a part in the same joint answer."""
    partners = (
        sa.select(Proposal.organisation_id, ProposalPartner.organisation_id)
        .join(ProposalPartner, ProposalPartner.proposal_id == Proposal.id)
        .where(Proposal.demand_id == demand_id)
    )
    answers: dict[int, set[int]] = {}
    for leader_id, partner_id in session.execute(partners):
        answers.setdefault(leader_id, {leader_id}).add(partner_id)
    return set().union(*(people for people in answers.values() if organisation_id in people)) - {
        organisation_id
    }
