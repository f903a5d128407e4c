"""A public request and its outcome as plain values, from which a release is made."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.demands.lifecycle import State


@dataclass(frozen=True, slots=True)
class Body:
    """A party. ``key`` tells it from others; ``tax_code`` only where it is not a natural person's."""

    key: str
    name: str
    tax_code: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class PublicLot:
    """``cpv`` of 8 digits; ``quantity`` in thousandths of ``unit``; ``budget`` per unit in ten-thousandths of a euro."""

    id: int
    name: str
    cpv: str | None
    cpv_label: str
    quantity: int | None
    unit: str | None
    unit_label: str
    budget: int | None


@dataclass(frozen=True, slots=True)
class PublicAward:
    """``amount`` in cents without VAT; no lot means all of them."""

    id: int
    supplier: Body
    lot_id: int | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class PublicOutcome:
    awarded: bool
    recorded_at: datetime
    act_number: str
    act_date: date | None
    cig: str
    link: str
    reason: str
    awards: tuple[PublicAward, ...]


@dataclass(frozen=True, slots=True)
class PublicRequest:
    """``codes`` are pairs ``list:code`` of eForms with their official labels; ``value`` in cents without VAT.

    ``changed_at``: when something of it was last changed, after its publication; ``None`` where nothing was.
    """

    id: int
    type: str
    type_label: str
    title: str
    description: str
    state: State
    buyer: Body
    url: str
    notice_link: str
    place: str
    lots: tuple[PublicLot, ...]
    requirements: tuple[str, ...]
    codes: tuple[tuple[str, str], ...]
    value: int | None
    budget_with_vat: bool
    published_at: datetime
    questions_until: datetime | None
    closes_at: datetime | None
    period_from: date | None
    period_until: date | None
    demo: bool
    outcome: PublicOutcome | None
    changed_at: datetime | None = None
