"""Who may read a demand, and as whom: asked by every page of a demand, also those of other features."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.models import User
from marketplace.choosing.models import Outcome
from marketplace.demands.lifecycle import State, state
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.tabs import Reader, Tab, tabs
from marketplace.errors import NotFound
from marketplace.organisations.models import Membership, Status
from marketplace.organisations.queries import active_organisations_of_editor
from marketplace.permissions import is_desk
from marketplace.proposals.models import Proposal, ProposalPartner, Question


@dataclass(frozen=True, slots=True)
class DemandPage:
    """A demand as one reader may see it at one moment: what the head of each of its pages needs."""

    demand: Demand
    state: State
    outcome: Outcome | None
    reader: Reader
    is_desk: bool
    tabs: list[Tab]

    @property
    def is_buyer(self) -> bool:
        return self.reader is Reader.BUYER


def demand_page(session: Session, person: User, demand_id: int, now: datetime) -> DemandPage:
    """For a view of any page of a demand. Raises :class:`NotFound` as :func:`readable_demand` does."""
    demand, outcome = _readable(session, person, demand_id, now)
    where = state(demand, now, outcome)
    reader = reader_of(session, person, demand)
    return DemandPage(demand, where, outcome, reader, is_desk(person), tabs(demand.type, where, reader))


def readable_demand(session: Session, person: User, demand_id: int, now: datetime) -> Demand:
    """The demand, with its lots and its organisation, for whoever may read it.

    What is public is read by anybody. What was withdrawn, and a wish that waits for the desk, by the buyer's members
    and its author, by the desk, and by who had asked or answered something. Raises :class:`NotFound`.
    """
    return _readable(session, person, demand_id, now)[0]


def _readable(session: Session, person: User, demand_id: int, now: datetime) -> tuple[Demand, Outcome | None]:
    """The demand with what was recorded of its end, in one query."""
    found = session.execute(
        sa.select(Demand, Outcome)
        .outerjoin(Outcome, Outcome.demand_id == Demand.id)
        .where(Demand.id == demand_id)
        .options(joinedload(Demand.organisation))
    ).first()
    if found is None or not (
        _is_public(found.Demand, now) or is_desk(person) or _has_a_part(session, person, found.Demand, now)
    ):
        raise NotFound
    return found.Demand, found.Outcome


def is_buyer(session: Session, person: User, demand: Demand) -> bool:
    """Whether the person acts for the buyer: an editor of its organisation while that is active; of a wish its author."""
    if not person.is_authenticated:
        return False
    if demand.organisation_id is None:
        return demand.type == DemandType.WISH and demand.author_id == person.id
    return any(one.id == demand.organisation_id for one in active_organisations_of_editor(session, person.id))


def require_buyer(session: Session, actor: User, demand: Demand) -> None:
    """The actor acts for the buyer (:func:`is_buyer`). To everybody else there is nothing: raises :class:`NotFound`."""
    if not is_buyer(session, actor, demand):
        raise NotFound


def reader_of(session: Session, person: User, demand: Demand) -> Reader:
    """As whom the person reads. Everybody who may write in some other organisation's name may answer in it."""
    if is_buyer(session, person, demand):
        return Reader.BUYER
    if person.is_authenticated and any(
        one.id != demand.organisation_id for one in active_organisations_of_editor(session, person.id)
    ):
        return Reader.SUPPLIER
    return Reader.PUBLIC


def outcome_of(session: Session, demand: Demand) -> Outcome | None:
    return session.scalar(sa.select(Outcome).where(Outcome.demand_id == demand.id))


def state_of(session: Session, demand: Demand, now: datetime) -> State:
    """For operations, which must know whether it still takes questions or answers."""
    return state(demand, now, outcome_of(session, demand))


def _is_public(demand: Demand, now: datetime) -> bool:
    buyer = demand.organisation
    return state(demand, now).is_public and (buyer is None or buyer.status == Status.ACTIVE)


def _has_a_part(session: Session, person: User, demand: Demand, now: datetime) -> bool:
    if not person.is_authenticated:
        return False
    if demand.author_id == person.id and demand.organisation_id is None:
        return True
    own = sa.select(Membership.organisation_id).where(Membership.person_id == person.id)
    if demand.organisation_id is not None and session.scalar(
        sa.select(sa.exists(own.where(Membership.organisation_id == demand.organisation_id)))
    ):
        return True
    if demand.published_at is None or demand.published_at > now:
        return False
    return any(
        session.scalar(sa.select(sa.exists(query)))
        for query in (
            sa.select(Question.id).where(Question.demand_id == demand.id, Question.organisation_id.in_(own)),
            sa.select(Proposal.id).where(
                Proposal.demand_id == demand.id,
                Proposal.submitted_at.is_not(None),
                Proposal.organisation_id.in_(own),
            ),
            sa.select(ProposalPartner.proposal_id)
            .join(Proposal, Proposal.id == ProposalPartner.proposal_id)
            .where(Proposal.demand_id == demand.id, ProposalPartner.organisation_id.in_(own)),
        )
    )
