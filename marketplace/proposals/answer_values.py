"""What a supplier answers, as plain values, and what is still missing before it can be handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from marketplace.demands.models import DemandType
from marketplace.proposals.rules import PRICED_TYPES


@dataclass(frozen=True, slots=True)
class LineValues:
    """For one lot; units as in :class:`marketplace.proposals.models.ProposalLine`. Nothing filled: not offered."""

    lot_id: int
    price: int | None = None
    vat_rate: int | None = None
    quantity: int | None = None
    available_from: date | None = None
    offer_id: int | None = None
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Without a price and a quantity nothing is offered, whatever stands beside."""
        return self.price is None and self.quantity is None


@dataclass(frozen=True, slots=True)
class AnswerValues:
    """``claim_ids`` are the claims shown as proof, one a criterion; ``replies`` by prompt id."""

    message: str = ""
    experience: str = ""
    lines: tuple[LineValues, ...] = ()
    claim_ids: frozenset[int] = frozenset()
    replies: Mapping[int, str] = field(default_factory=dict, hash=False)


class AskedLot(Protocol):
    id: int
    quantity: int | None
    splittable: bool


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is wrong with an answer: ``code``, and the lot that it is about, if it is about one."""

    code: str
    lot_id: int | None = None


def lacking(
    type_: str,
    lots: Sequence[AskedLot],
    values: AnswerValues,
    *,
    brought_by_others: Mapping[int, int] | None = None,
) -> list[Lacking]:
    """Why an answer cannot be handed in, in the order of its fields; nothing where it can.

    Part of what is asked suffices, but a lot that must come from one supplier is offered whole. ``brought_by_others``:
    lots that partners bring, with how many of them do.
    """
    if type_ not in PRICED_TYPES:
        return [] if values.message or any(values.replies.values()) else [Lacking("says_nothing")]
    others = brought_by_others or {}
    asked = {lot.id: lot for lot in lots}
    filled = [line for line in values.lines if not line.is_empty]
    wrong = []
    for line in filled:
        lot = asked[line.lot_id]
        if line.price is None:
            wrong.append(Lacking("price_missing", lot.id))
        if (
            type_ not in (DemandType.NEED, DemandType.WISH)
            and line.price is not None
            and line.vat_rate is None
        ):
            wrong.append(Lacking("vat_missing", lot.id))
        if not lot.splittable:
            if lot.quantity is not None and line.quantity is not None and line.quantity < lot.quantity:
                wrong.append(Lacking("only_whole", lot.id))
            if others.get(lot.id):
                wrong.append(Lacking("only_one", lot.id))
    if not filled and not others:
        wrong.append(Lacking("offers_nothing"))
    return wrong
