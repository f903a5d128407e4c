"""The supplier's invoice beside what was delivered, rate by rate: every difference to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ledger.entries import supplier
from marketplace.ledger.models import SupplierInvoice
from marketplace.ledger.order_reading import OrderReading
from marketplace.orders.models import CycleGroup, CycleSource, OrderCycle
from marketplace.orders.totals import Line, VatPart, vat_parts

#: Rates in force in Italy (DPR 633/1972, art. 16 and Table A), in hundredths of a percent; 0 for what bears no VAT.
RATES = (0, 400, 500, 1000, 2200)


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate: what was delivered and what the invoices say, in cents, VAT apart."""

    rate: int
    net: int
    vat: int
    invoiced_net: int
    invoiced_vat: int

    @property
    def delivered(self) -> int:
        return self.net + self.vat

    @property
    def invoiced(self) -> int:
        return self.invoiced_net + self.invoiced_vat

    @property
    def difference(self) -> int:
        """Positive where the invoice asks for more than was delivered."""
        return self.invoiced - self.delivered


@dataclass(frozen=True, slots=True)
class SupplierMoney:
    """One supplier of an order, for one group. ``owed`` is what its households are charged for it."""

    source: CycleSource
    rows: Sequence[RateRow]
    invoices: Sequence[SupplierInvoice]
    owed: int

    @property
    def invoiced(self) -> int:
        return sum(invoice.total for invoice in self.invoices)

    @property
    def difference(self) -> int:
        return self.invoiced - self.owed


def compare(parts: Sequence[VatPart], beside: int, invoiced: Sequence[Mapping[str, int]]) -> list[RateRow]:
    """Rate by rate. ``beside`` are cents that bear no VAT here (deposits, shared costs, discounts): they stand under 0."""
    delivered = {part.rate: (part.net, part.vat) for part in parts}
    if beside:
        net, vat = delivered.get(0, (0, 0))
        delivered[0] = (net + beside, vat)
    said: dict[int, tuple[int, int]] = {}
    for one in invoiced:
        net, vat = said.get(one["rate"], (0, 0))
        said[one["rate"]] = (net + one["net"], vat + one["vat"])
    return [
        RateRow(rate, *delivered.get(rate, (0, 0)), *said.get(rate, (0, 0)))
        for rate in sorted(delivered.keys() | said.keys())
    ]


def supplier_money(
    session: Session, cycle: OrderCycle, group: CycleGroup, order: OrderReading
) -> list[SupplierMoney]:
    """Every supplier of an order, as one group's own document shows it. For the group's editors."""
    lines, charges = order.lines_of(group), order.charges_of(group)
    invoices = session.scalars(
        sa.select(SupplierInvoice)
        .where(SupplierInvoice.group_id == group.id)
        .order_by(SupplierInvoice.issued, SupplierInvoice.id)
    ).all()
    found = []
    for source in cycle.sources:
        own: list[Line] = [line for line in lines if line.source == source.id]
        parts = vat_parts(own)
        owed = sum(sides.get(supplier(source.name), 0) for sides in charges.values())
        theirs = [invoice for invoice in invoices if invoice.source_id == source.id]
        said = [rate for invoice in theirs for rate in invoice.rates]
        beside = owed - sum(part.gross for part in parts)
        found.append(SupplierMoney(source, compare(parts, beside, said), theirs, owed))
    return found
