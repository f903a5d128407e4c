"""When people may write to each other about a demand: decisions on plain values.

For the types in which a public body collects quotes, nothing passes between it and one supplier until the deadline:
what one supplier is told the others must be told too (D.Lgs. 36/2023, art. 3: impartiality and publicity), and what
is offered goes into the answer, which stays closed. Until then there are the public questions. After the deadline
the body may write with those who answered, as to make an answer clear; nobody can add one by a message.
A consultation (art. 77; what is exchanged is told to the others later, art. 78) and a board (artt. 55-56
D.Lgs. 117/2017) live by talking; prices have no place in them.
Suppliers who answer together (proposta congiunta) may write to each other at any time.
"""

from enum import StrEnum

from marketplace.demands.lifecycle import State
from marketplace.demands.models import DemandType
from marketplace.demands.types import ALWAYS_SEALED

#: Types in which messages name no prices.
WITHOUT_PRICES = frozenset({DemandType.MARKET_CONSULTATION, DemandType.CO_DESIGN})


class Refusal(StrEnum):
    """Why nobody may write now."""

    NOT_PUBLISHED = "not_published"
    WITHDRAWN = "withdrawn"
    ELSEWHERE = "elsewhere"
    SEALED = "sealed"
    NOT_ANSWERED = "not_answered"


def refusal(
    type_: str, state: State, *, with_buyer: bool = True, has_answered: bool = False
) -> Refusal | None:
    """Why nothing may be written about a demand of this type in this state; ``None`` where it may.

    ``with_buyer`` is false between two suppliers; ``has_answered`` says whether the supplier handed in an answer.
    """
    if state is State.WITHDRAWN:
        return Refusal.WITHDRAWN
    if state is State.DRAFT:
        return Refusal.NOT_PUBLISHED
    if type_ == DemandType.NOTICE_ELSEWHERE:
        return Refusal.ELSEWHERE
    if with_buyer and type_ in ALWAYS_SEALED:
        if state.takes_answers:
            return Refusal.SEALED
        if not has_answered:
            return Refusal.NOT_ANSWERED
    return None
