"""What one supplier delivers of a group order: by product, by group and by place. No household stands in it.

Each group is one recipient of the fiscal document, whose lines are its products: a line is rounded once, as on the
supplier's own document, and every total here is a sum of such lines. So it can differ by some cents from what the
households of the group pay together, whose lines are rounded household by household.
Units as in :mod:`marketplace.orders.models`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from marketplace.money import QUANTITY_UNITS, divide_half_up
from marketplace.orders.totals import Line, VatPart, vat_parts


@dataclass(frozen=True, slots=True)
class SheetProduct:
    """A product with what is asked of it; ``in_place_of`` is the title of what it comes instead of."""

    id: int
    title: str
    unit: str
    price: int
    code: str = ""
    category: str | None = None
    vat_treatment: str = "vat_22"
    vat_rate: int = 2200
    box_size: int | None = None
    piece_weight: int | None = None
    deposit: int | None = None
    own_code: str = ""
    in_place_of: str = ""

    @property
    def unit_price(self) -> int:
        """Of what is counted: of a piece by what it is said to weigh, where the price is for a kilogram."""
        if not self.piece_weight:
            return self.price
        return divide_half_up(self.price * self.piece_weight, QUANTITY_UNITS)

    def line(self, group: int, quantity: int) -> Line:
        return Line(
            basket=group, group=group, source=0, product=self.id, quantity=quantity, unit=self.unit,
            price=self.price, vat_rate=self.vat_rate, piece_weight=self.piece_weight, deposit=self.deposit,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """What is brought to one place of a group, in thousandths by product; ``name`` is "" where none was chosen."""

    name: str
    quantities: Mapping[int, int]
    address: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A group: to whom the fiscal document is made out, and where its share is brought."""

    group: int
    name: str
    places: Sequence[SheetPlace]
    lines: Mapping[int, Line] = field(default_factory=dict)
    tax_code: str = ""
    vat_number: str = ""
    address: str = ""
    email: str = ""

    @property
    def goods(self) -> int:
        return sum(line.goods for line in self.lines.values())

    @property
    def deposits(self) -> int:
        return sum(line.deposits for line in self.lines.values())

    @property
    def amount(self) -> int:
        return self.goods + self.deposits

    @property
    def vat(self) -> Sequence[VatPart]:
        return vat_parts(self.lines.values())

    @property
    def is_estimated(self) -> bool:
        return any(line.is_estimated for line in self.lines.values())


@dataclass(frozen=True, slots=True)
class Sheet:
    """The order of one supplier; ``products`` are only those of which something is asked."""

    title: str
    supplier: str
    products: Sequence[SheetProduct]
    recipients: Sequence[Recipient]
    coordinator: str = ""
    vat_number: str = ""
    email: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    delivery_from: datetime | None = None
    delivery_until: datetime | None = None

    @property
    def amount(self) -> int:
        return sum(recipient.amount for recipient in self.recipients)

    @property
    def deposits(self) -> int:
        return sum(recipient.deposits for recipient in self.recipients)

    @property
    def is_estimated(self) -> bool:
        """Whether the scales have still to say what some of it costs."""
        return any(recipient.is_estimated for recipient in self.recipients)

    def quantity(self, product: SheetProduct) -> int:
        return sum(r.lines[product.id].quantity for r in self.recipients if product.id in r.lines)

    def goods(self, product: SheetProduct) -> int:
        return sum(r.lines[product.id].goods for r in self.recipients if product.id in r.lines)

    def boxes(self, product: SheetProduct) -> int | None:
        """Whole boxes; ``None`` where it is not sent in boxes, or not in whole ones any more."""
        count, left = divmod(self.quantity(product), product.box_size or 1)
        return count if product.box_size and not left else None
