"""What a buyer records of how a demand ended, and the rules of it. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.choosing.models import OutcomeKind
from marketplace.demands.models import DemandType
from marketplace.demands.types import PUBLIC_TYPES, RANKED_TYPES

#: Of a consultation and of a board what came of it is told in words: nothing is awarded there.
TOLD_IN_WORDS = frozenset({DemandType.MARKET_CONSULTATION, DemandType.CO_DESIGN})
#: A notice elsewhere is a link and a reminder only: it ends elsewhere, too.
TAKES_OUTCOME = RANKED_TYPES | TOLD_IN_WORDS

#: ANAC's code of a contract: ten letters and digits (also the "smart CIG" of small awards).
_CIG = re.compile(r"[A-Z0-9]{10}")
MAX_AMOUNT = 10**12


@dataclass(frozen=True, slots=True)
class AwardValues:
    """One chosen supplier: of ours by id, or by name. ``amount`` in cents without VAT; no lot means all of them."""

    organisation_id: int | None
    name: str
    tax_code: str = ""
    lot_id: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeValues:
    """What happened elsewhere, or why nothing did. ``because`` says to each proposal, by id, why it was not chosen."""

    kind: OutcomeKind
    reason: str = ""
    act_number: str = ""
    act_date: date | None = None
    cig: str = ""
    link: str = ""
    awards: tuple[AwardValues, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """``field`` as the form names it, ``code`` one of: missing, future, odd_cig, not_here, no_award, unknown_lot, too_much."""

    field: str
    code: str


def faults(
    values: OutcomeValues,
    type_: str,
    *,
    lot_ids: Collection[int],
    not_chosen: Mapping[int, str],
    today: date,
) -> Iterator[Fault]:
    """Every rule that the values break. ``not_chosen``: what each proposal that was not chosen is told, by id."""
    if values.kind is OutcomeKind.NONE or type_ in TOLD_IN_WORDS:
        if not values.reason:
            yield Fault("reason", "missing")
        if values.awards or values.cig or values.act_number:
            yield Fault("kind", "no_award")
        return
    if not values.awards:
        yield Fault("awards", "missing")
    for position, award in enumerate(values.awards):
        if not award.name:
            yield Fault(f"awards-{position}-name", "missing")
        if award.lot_id is not None and award.lot_id not in lot_ids:
            yield Fault(f"awards-{position}-lot", "unknown_lot")
        if award.amount is not None and not 0 <= award.amount <= MAX_AMOUNT:
            yield Fault(f"awards-{position}-amount", "too_much")
    if values.cig and not is_cig(values.cig):
        yield Fault("cig", "odd_cig")
    if values.act_date is not None and values.act_date > today:
        yield Fault("act_date", "future")
    if type_ in PUBLIC_TYPES:
        for field in ("act_number", "act_date"):
            if not getattr(values, field):
                yield Fault(field, "missing")
        for proposal_id, because in not_chosen.items():
            if not because:
                yield Fault(f"because-{proposal_id}", "missing")


def is_cig(text: str) -> bool:
    """Ten letters and digits that are not all the same; nobody but ANAC knows whether the code exists."""
    return bool(_CIG.fullmatch(text)) and len(set(text)) > 1
