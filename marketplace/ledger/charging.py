"""What each household is charged for an order, by whom it goes to: pure functions of lines and costs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from marketplace.ledger.entries import COSTS, AccountKey, supplier
from marketplace.orders.totals import Cost, CostKind, Line, totals


def charges(
    lines: Sequence[Line], costs: Iterable[Cost], suppliers: Mapping[int, str]
) -> dict[int, dict[AccountKey, int]]:
    """The parts of each basket's charge; together they are exactly what :func:`marketplace.orders.totals.totals` says.

    Goods and deposits go to their supplier, by the name of the source. So does a cost that is about one supplier, and
    a discount where the order has but one. Every other cost is the group's, which pays it to whoever it is owed.
    """
    costs = list(costs)
    owed_to = {cost.id: _account_of(cost, suppliers) for cost in costs}
    found: dict[int, dict[AccountKey, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        found[line.basket][supplier(suppliers[line.source])] += line.goods + line.deposits
    for basket, total in totals(lines, costs).items():
        for cost_id, cents in total.costs.items():
            found[basket][owed_to[cost_id]] += cents
    return {
        basket: {account: cents for account, cents in parts.items() if cents}
        for basket, parts in found.items()
    }


def _account_of(cost: Cost, suppliers: Mapping[int, str]) -> AccountKey:
    if cost.source is not None:
        return supplier(suppliers[cost.source])
    if cost.kind == CostKind.DISCOUNT and len(suppliers) == 1:
        return supplier(next(iter(suppliers.values())))
    return COSTS
