"""What everybody pays, to the cent: lines, deposits, shared costs and discounts; every total is the sum of its lines.

Prices include VAT. A line is rounded once (:func:`marketplace.money.line_total`); nothing is rounded above it but the
VAT that is contained in a sum, which is one subtraction and so never disturbs the sum itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from marketplace.money import QUANTITY_UNITS, VAT_UNITS, divide_half_up, line_total
from marketplace.orders.sharing import share_out

#: A percentage is kept in hundredths of a percent.
PERCENT_UNITS = 10_000


class CostKind(StrEnum):
    TRANSPORT = "transport"
    COST = "cost"  # documented: a group asks no mark-up
    DISCOUNT = "discount"


class SplitBy(StrEnum):
    QUANTITY = "quantity"
    PRICE = "price"
    WEIGHT = "weight"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Line:
    """One product of one household. ``quantity`` in thousandths of ``unit``, ``price`` in ten-thousandths of a euro.

    With ``piece_weight`` (grams) it is sold by piece and paid by weight: ``price`` is per kilogram, ``weight`` what the
    scales said in grams, ``None`` until they did. ``deposit`` in cents on each container; ``returned`` containers.
    """

    basket: int
    group: int
    source: int
    product: int
    quantity: int
    unit: str
    price: int
    vat_rate: int = 0
    piece_weight: int | None = None
    weight: int | None = None
    deposit: int | None = None
    returned: int = 0

    @property
    def grams(self) -> int:
        """What it weighs as far as is known; 0 for what is neither weighed nor sold by the kilogram."""
        if self.weight is not None:
            return self.weight
        if self.piece_weight:
            return divide_half_up(self.quantity * self.piece_weight, QUANTITY_UNITS)
        return self.quantity if self.unit == "kg" else 0

    @property
    def is_estimated(self) -> bool:
        """Whether the scales have still to say what it costs."""
        return bool(self.piece_weight) and self.weight is None and self.quantity > 0

    @property
    def goods(self) -> int:
        # grams are thousandths of the kilogram that the price is for
        return line_total(self.grams if self.piece_weight else self.quantity, self.price)

    @property
    def deposits(self) -> int:
        return divide_half_up(self.quantity * (self.deposit or 0), QUANTITY_UNITS) - self.returned * (
            self.deposit or 0
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """What is shared out beside the goods: ``amount`` in cents or ``percent`` of the goods in hundredths of a percent.

    It counts where the goods that it is about (of one ``group``, of one ``source``, else of all) reach ``threshold``.
    A discount is positive here and lowers what is paid, at most to nothing.
    """

    id: int
    kind: str
    split_by: str
    amount: int | None = None
    percent: int | None = None
    threshold: int | None = None
    group: int | None = None
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """What somebody pays; ``costs`` by the cost's id, discounts negative. All cents."""

    goods: int = 0
    deposits: int = 0
    costs: Mapping[int, int] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        return self.goods + self.deposits + sum(self.costs.values())


@dataclass(frozen=True, slots=True)
class VatPart:
    """What one rate holds of a sum; ``gross`` is ``net`` plus ``vat``. The rate in hundredths of a percent."""

    rate: int
    gross: int
    net: int
    vat: int


def totals(lines: Sequence[Line], costs: Iterable[Cost] = ()) -> dict[int, Total]:
    """What each household pays, by its basket."""
    goods: dict[int, int] = defaultdict(int)
    deposits: dict[int, int] = defaultdict(int)
    for line in lines:
        goods[line.basket] += line.goods
        deposits[line.basket] += line.deposits
    shares: dict[int, dict[int, int]] = defaultdict(dict)
    for cost in sorted(costs, key=lambda cost: cost.id):
        for basket, cents in cost_shares(cost, lines).items():
            if cents:
                shares[basket][cost.id] = cents
    return {basket: Total(goods[basket], deposits[basket], shares[basket]) for basket in sorted(goods)}


def cost_shares(cost: Cost, lines: Iterable[Line]) -> dict[int, int]:
    """Each household's cents of one cost; empty where it does not count. Who got nothing pays no part of it."""
    about = [
        line
        for line in lines
        if (cost.group is None or line.group == cost.group)
        and (cost.source is None or line.source == cost.source)
        and line.quantity > 0
    ]
    goods = sum(line.goods for line in about)
    if not about or (cost.threshold is not None and goods < cost.threshold):
        return {}
    amount = (
        cost.amount if cost.amount is not None else divide_half_up(goods * (cost.percent or 0), PERCENT_UNITS)
    )
    if cost.kind == CostKind.DISCOUNT:
        amount = -min(amount, goods)
    return share_out(amount, _weights(cost.split_by, about))


def _weights(split_by: str, lines: Sequence[Line]) -> dict[int, int]:
    weights: dict[int, int] = defaultdict(int)
    for line in lines:
        if split_by == SplitBy.HOUSEHOLD:
            weights[line.basket] = 1
        elif split_by == SplitBy.QUANTITY:
            weights[line.basket] += line.quantity
        elif split_by == SplitBy.WEIGHT:
            weights[line.basket] += line.grams
        else:
            weights[line.basket] += line.goods
    if split_by == SplitBy.WEIGHT and not any(weights.values()):
        # nothing here is weighed: what it costs is the next best measure
        return _weights(SplitBy.PRICE, lines)
    return dict(weights)


def add_up(parts: Iterable[Total]) -> Total:
    """The sum of several totals, line by line."""
    goods = deposits = 0
    costs: dict[int, int] = defaultdict(int)
    for part in parts:
        goods += part.goods
        deposits += part.deposits
        for cost, cents in part.costs.items():
            costs[cost] += cents
    return Total(goods, deposits, dict(costs))


def vat_parts(lines: Iterable[Line]) -> list[VatPart]:
    """The VAT contained in the goods of one document, rate by rate.

    It is taken out of each rate's sum, as on the supplier's own document. A cycle of several groups has one document
    for each, so its VAT is the sum of theirs and not taken out of the sum of all.
    """
    gross: dict[int, int] = defaultdict(int)
    for line in lines:
        gross[line.vat_rate] += line.goods
    return [_vat_part(rate, amount) for rate, amount in sorted(gross.items()) if amount]


def _vat_part(rate: int, gross: int) -> VatPart:
    net = divide_half_up(gross * VAT_UNITS, VAT_UNITS + rate)
    return VatPart(rate, gross, net, gross - net)
