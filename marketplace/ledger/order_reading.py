"""All that the amounts of an order follow from, read once for a page or an operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from marketplace.ledger.charging import charges
from marketplace.ledger.entries import AccountKey
from marketplace.orders import reading
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.orders.queries import lines_of
from marketplace.orders.totals import Cost, Line, Total, totals


@dataclass(frozen=True)  # without slots: what follows from the rows is worked out once and kept
class OrderReading:
    """The lines and costs of all groups, for costs are shared among all; suppliers' names by the id of the source."""

    lines: Sequence[Line]
    costs: Sequence[Cost]
    suppliers: Mapping[int, str]

    @cached_property
    def totals(self) -> Mapping[int, Total]:
        """What each basket pays."""
        return totals(self.lines, self.costs)

    def lines_of(self, group: CycleGroup) -> list[Line]:
        return [line for line in self.lines if line.group == group.id]

    def charges_of(self, group: CycleGroup) -> dict[int, dict[AccountKey, int]]:
        """What each basket of one group owes, and to whom."""
        own = {line.basket for line in self.lines_of(group)}
        return {basket: parts for basket, parts in self._charges.items() if basket in own}

    @cached_property
    def _charges(self) -> Mapping[int, dict[AccountKey, int]]:
        return charges(self.lines, self.costs, self.suppliers)


def read_order(session: Session, cycle: OrderCycle) -> OrderReading:
    """Three queries."""
    return OrderReading(
        lines_of(session, cycle),
        reading.costs_of(session, cycle.id),
        {source.id: source.name for source in cycle.sources},
    )
