"""Rows of questions and proposals for tests; see :mod:`tests.factories`."""

from itertools import count

from sqlalchemy.orm import Session

from marketplace.demands.models import Demand, DemandType
from marketplace.organisations.models import Organisation
from marketplace.proposals.models import Proposal, ProposalLine, ProposalPartner, Question
from tests.factories import NOW, _add

_numbers = count(1)


def make_question(session: Session, demand: Demand, organisation: Organisation, **overrides) -> Question:
    """Asked on ``NOW``, not answered yet."""
    values = {
        "demand_id": demand.id,
        "organisation_id": organisation.id,
        "text": f"Domanda {next(_numbers)}?",
        "asked_at": NOW,
    }
    return _add(session, Question(**values | overrides))


def make_proposal(
    session: Session,
    demand: Demand,
    organisation: Organisation,
    *,
    lines: tuple[dict, ...] | None = None,
    **overrides,
) -> Proposal:
    """Handed in on ``NOW``: each lot at 5,00 € by the organisation itself, unless ``lines`` (as dicts) are given."""
    per_lot = [{"lot_id": lot.id} for lot in demand.lots] if lines is None else lines
    values = {
        "demand_id": demand.id,
        "organisation_id": organisation.id,
        "message": "",
        "with_vat": demand.type in (DemandType.NEED, DemandType.WISH),
        "proofs": [],
        "created_at": NOW,
        "updated_at": NOW,
        "submitted_at": NOW,
        "lines": [
            ProposalLine(**{"organisation_id": organisation.id, "price": 50_000, "vat_rate": 1000, **line})
            for line in per_lot
        ],
    }
    return _add(session, Proposal(**values | overrides))


def make_joint(session: Session, demand: Demand, lead: Organisation, partner: Organisation) -> Proposal:
    """Handed in by two who agreed: the first lot at 1,50 € by who leads, the others at 2,00 € by its partner."""
    first, *others = demand.lots
    proposal = make_proposal(
        session,
        demand,
        lead,
        lines=(
            {"lot_id": first.id, "price": 15_000},
            *({"lot_id": lot.id, "price": 20_000, "organisation_id": partner.id} for lot in others),
        ),
    )
    proposal.partners.append(
        ProposalPartner(organisation_id=partner.id, invited_at=NOW, agreed_at=NOW, declined_at=None)
    )
    session.flush()
    return proposal
