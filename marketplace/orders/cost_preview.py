"""Whom a cost changes what, before it is added."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.orders.totals import Cost, Line, totals


@dataclass(frozen=True, slots=True)
class Changed:
    """What one household pays without and with the cost, in cents; ``basket`` and ``group`` are ids."""

    basket: int
    group: int
    before: int
    after: int


def changed_by(lines: Sequence[Line], costs: Sequence[Cost], new: Cost) -> list[Changed]:
    """Every household of the order by basket; where ``new`` does not count, before and after are alike."""
    before, after = totals(lines, costs), totals(lines, [*costs, new])
    groups = {line.basket: line.group for line in lines}
    return [
        Changed(basket, groups[basket], before[basket].amount, after[basket].amount)
        for basket in sorted(before)
    ]


def by_group(rows: Sequence[Changed]) -> dict[int, tuple[int, int]]:
    """The sums of each group, before and after."""
    sums: dict[int, tuple[int, int]] = {}
    for row in rows:
        before, after = sums.get(row.group, (0, 0))
        sums[row.group] = before + row.before, after + row.after
    return sums
