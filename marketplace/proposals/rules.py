"""What may be answered, when, and who reads what of it when: decisions on plain values.

The one rule of instants is that of :mod:`marketplace.demands.lifecycle`, by the server's clock: at the very instant
of a deadline it has passed. What arrives at ``closes_at`` is late, what is read at ``closes_at`` is open.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from marketplace.demands.lifecycle import State
from marketplace.demands.models import DemandType
from marketplace.demands.types import ALWAYS_SEALED
from marketplace.organisations.models import Kind

#: Kinds that answer demands. A purchasing group sells nothing (L. 244/2007), a public body buys.
SUPPLYING_KINDS = frozenset({Kind.PRODUCER, Kind.CONSUMER_COOP, Kind.CATERER, Kind.NETWORK})

#: Types that are answered lot by lot, with prices.
PRICED_TYPES = frozenset(
    {DemandType.NEED, DemandType.WISH, DemandType.QUOTE_REQUEST, DemandType.SOCIAL_COOP_AGREEMENT}
)
#: A consultation takes replies to its prompts, and never prices (PRACTICE, Public buyers 1).
TAKES_PROPOSALS = PRICED_TYPES | {DemandType.MARKET_CONSULTATION}
#: Past experience is documented for a direct award (art. 50 D.Lgs. 36/2023) and for an agreement.
ASKS_EXPERIENCE = frozenset({DemandType.QUOTE_REQUEST, DemandType.SOCIAL_COOP_AGREEMENT})
#: Anybody may ask in public, except where questions go elsewhere.
TAKES_QUESTIONS = frozenset(DemandType) - {DemandType.NOTICE_ELSEWHERE}
#: Prices of groups and residents are said with VAT, those for public bodies without (PRACTICE, Public buyers 10).
WITH_VAT = frozenset({DemandType.NEED, DemandType.WISH})

#: The particular of a demand that says whether its answers stay closed until the deadline, where its type leaves it open.
SEALED_PARTICULAR = "answers_sealed"


class Asked(Protocol):
    """What these rules look at of a demand."""

    type: str
    particulars: dict
    closes_at: datetime | None
    withdrawn_at: datetime | None


def may_supply(kinds: frozenset[str]) -> bool:
    return bool(kinds & SUPPLYING_KINDS)


def takes_proposals(demand: Asked, state: State) -> bool:
    return demand.type in TAKES_PROPOSALS and state.takes_answers


def takes_questions(demand: Asked, state: State) -> bool:
    return demand.type in TAKES_QUESTIONS and state.takes_questions


def takes_replies(demand: Asked, state: State) -> bool:
    """Whether the buyer may still answer a question, or put its answer right: until the deadline for answers."""
    return demand.type in TAKES_QUESTIONS and state.takes_answers


def is_sealed_type(demand: Asked) -> bool:
    """Whether its answers stay closed until its deadline.

    A request for quotes and an agreement always; a consultation unless its buyer said otherwise; groups, co-ops
    and residents read answers at once unless they chose otherwise. Without a deadline nothing can wait for one.
    """
    if demand.type in ALWAYS_SEALED:
        return True
    if demand.closes_at is None:
        return False
    default = demand.type == DemandType.MARKET_CONSULTATION
    return bool((demand.particulars or {}).get(SEALED_PARTICULAR, default))


def may_open(demand: Asked, state: State) -> bool:
    """Whether the buyer may read what was answered.

    Withdrawing breaks no seal: what is taken back before its deadline stays closed for ever. Otherwise one could
    withdraw, read, and ask again knowing what everybody would answer.
    """
    if not is_sealed_type(demand):
        return state is not State.DRAFT
    if state is State.WITHDRAWN:
        return demand.closes_at is not None and demand.closes_at <= demand.withdrawn_at
    return state not in (State.DRAFT, State.OPEN, State.QUESTIONS_CLOSED)


class Stage(StrEnum):
    """Where a proposal is."""

    WRITING = "writing"
    WITHDRAWN = "withdrawn"
    HANDED_IN = "handed_in"
    SEALED = "sealed"


class ProposalMoments(Protocol):
    submitted_at: datetime | None
    withdrawn_at: datetime | None


def stage(proposal: ProposalMoments, state: State) -> Stage:
    """A proposal handed in can be changed while the demand takes answers; then it is sealed as it stands."""
    if proposal.withdrawn_at is not None:
        return Stage.WITHDRAWN
    if proposal.submitted_at is None:
        return Stage.WRITING
    return Stage.HANDED_IN if state.takes_answers else Stage.SEALED
