"""Which pages of a demand a reader is led to, by what kind of demand it is, its state and who reads.

A tab only leads: each page checks by itself who may see it. Whoever adds a page of a demand adds its line to ``TABS``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from flask_babel import lazy_gettext as _

from marketplace.demands.lifecycle import State
from marketplace.demands.models import DemandType
from marketplace.demands.types import PUBLIC_TYPES, RANKED_TYPES


class Reader(StrEnum):
    """Who reads: an editor of the buyer (or the author of a wish), whoever may answer in a supplier's name, anybody."""

    BUYER = "buyer"
    SUPPLIER = "supplier"
    PUBLIC = "public"


EVERYBODY = frozenset(Reader)
BUYER, SUPPLIER = frozenset({Reader.BUYER}), frozenset({Reader.SUPPLIER})
ALL_TYPES = frozenset(DemandType)
#: Whatever is answered here, and not on the body's own site.
ANSWERED_TYPES = ALL_TYPES - {DemandType.NOTICE_ELSEWHERE}
#: Whatever suppliers answer in writing, lot by lot or question by question; a board takes partners instead.
TAKES_PROPOSALS = ANSWERED_TYPES - {DemandType.CO_DESIGN}
PUBLIC_STATES = frozenset(state for state in State if state.is_public)
TAKING_ANSWERS = frozenset(state for state in State if state.takes_answers)
#: From the deadline on.
CLOSED_STATES = frozenset({State.CLOSED, State.OUTCOME_RECORDED, State.WITHOUT_OUTCOME})
ENDED_STATES = frozenset({State.OUTCOME_RECORDED, State.WITHOUT_OUTCOME})
ALL_STATES = frozenset(State)


class Tab(NamedTuple):
    endpoint: str
    label: object


@dataclass(frozen=True, slots=True)
class _Rule:
    """``endpoint`` takes ``demand_id`` and nothing else."""

    endpoint: str
    label: object
    readers: Collection[Reader] = EVERYBODY
    types: Collection[DemandType] = ALL_TYPES
    states: Collection[State] = PUBLIC_STATES


#: In the order in which they are shown, one line for each page.
TABS: tuple[_Rule, ...] = (
    _Rule("demands.show", _("The request"), states=ALL_STATES),
    _Rule("proposals.questions", _("Questions"), types=ANSWERED_TYPES),
    _Rule("proposals.answer", _("Answer"), SUPPLIER, TAKES_PROPOSALS),
    _Rule("proposals.answers", _("Answers"), BUYER, TAKES_PROPOSALS),
    _Rule("proposals.together", _("Together they can"), BUYER | SUPPLIER, RANKED_TYPES, TAKING_ANSWERS),
    _Rule("choosing.compare", _("Comparison"), BUYER, RANKED_TYPES),
    _Rule("choosing.lists", _("Preliminary lists"), BUYER, RANKED_TYPES),
    _Rule("choosing.report", _("Report"), BUYER, RANKED_TYPES & PUBLIC_TYPES),
    _Rule("choosing.outcome", _("Outcome"), BUYER, ANSWERED_TYPES),
    _Rule("choosing.outcome", _("Outcome"), EVERYBODY - BUYER, ANSWERED_TYPES & PUBLIC_TYPES, ENDED_STATES),
    _Rule("boards.show", _("Board"), types=frozenset({DemandType.CO_DESIGN})),
    _Rule(
        "pooling.of_demand",
        _("Together with others"),
        BUYER,
        PUBLIC_TYPES | {DemandType.NEED},
        TAKING_ANSWERS,
    ),
    _Rule("conversations.of_demand", _("Messages"), BUYER | SUPPLIER, ANSWERED_TYPES),
    _Rule("proposals.share", _("Pass it on"), states=TAKING_ANSWERS),
)


def tabs(type_: str, state: State, reader: Reader) -> list[Tab]:
    """The tabs of a demand of this type in this state, for this reader."""
    return [
        Tab(rule.endpoint, rule.label)
        for rule in TABS
        if reader in rule.readers and type_ in rule.types and state in rule.states
    ]
