"""How the candidates cover each lot of a demand: similarity, quantity and price (MATCHING, Covering offers)."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from search.candidates import Candidates, first_of_runs
from search.columns import UNKNOWN, Columns
from search.constants import SCORE_DECIMALS, VAT_UNITS
from search.demand import Demand, Lot
from search.judging import Asked, meets_required


@dataclass(frozen=True, eq=False)
class LotView:
    """One lot and the offers that cover it, among candidates.

    One value per covering offer, in ascending order: ``at`` its position among
    the candidates' rows, ``rows`` its row, ``group`` the position of its supplier among the candidates' suppliers,
    ``similarity`` that of its category. Reductions give one value per supplier
    of the candidates, ``count`` in all.
    """

    number: int
    lot: Lot
    columns: Columns
    count: int
    at: np.ndarray
    rows: np.ndarray
    group: np.ndarray
    similarity: np.ndarray

    @cached_property
    def starts(self) -> np.ndarray:
        """Position of the first covering offer of each covered supplier."""
        return first_of_runs(self.group)

    @cached_property
    def suppliers(self) -> np.ndarray:
        """Positions of the covered suppliers among the candidates' suppliers, ascending."""
        return self.group[self.starts]

    @cached_property
    def covered(self) -> np.ndarray:
        """Per supplier: whether any offer covers the lot."""
        return self._scattered(np.ones(len(self.suppliers), dtype=np.bool_), False)

    def of(self, mask: np.ndarray) -> "LotView":
        """The same with the offers of the suppliers in the mask only."""
        kept = np.flatnonzero(mask[self.group])
        columns = {name: getattr(self, name)[kept] for name in ("at", "rows", "group", "similarity")}
        return replace(self, **columns)

    def any(self, mask: np.ndarray) -> np.ndarray:
        """Per supplier: whether the mask holds for any of its covering offers."""
        found = np.zeros(self.count, dtype=np.bool_)
        found[self.group[mask]] = True
        return found

    def highest(self, numbers: np.ndarray) -> np.ndarray:
        """Per supplier: the highest number of its covering offers, 0 without."""
        return self._scattered(np.maximum.reduceat(numbers, self.starts) if len(numbers) else numbers, 0)

    def lowest(self, numbers: np.ndarray) -> np.ndarray:
        """Per supplier: the lowest number of its covering offers, infinite without."""
        return self._scattered(np.minimum.reduceat(numbers, self.starts) if len(numbers) else numbers, np.inf)

    def total(self, numbers: np.ndarray) -> np.ndarray:
        """Per supplier: the sum of the numbers of its covering offers, 0 without."""
        return self._scattered(np.add.reduceat(numbers, self.starts) if len(numbers) else numbers, 0)

    def _scattered(self, numbers: np.ndarray, otherwise: float) -> np.ndarray:
        whole = np.full(self.count, otherwise, dtype=numbers.dtype)
        whole[self.suppliers] = numbers
        return whole

    @cached_property
    def in_unit(self) -> np.ndarray:
        """Per covering offer: whether it is sold in the lot's unit; none where the lot names none."""
        unit = self.columns.unit_codes.number(self.lot.unit)
        return (self.columns.offers.unit[self.rows] == unit) & (unit >= 0)


@dataclass(frozen=True, eq=False)
class Quantities:
    """Per supplier, for one lot: what its covering offers have together, and the share of what is asked.

    ``known`` is false where the share counts as whole because a quantity is
    missing or the units differ; ``short`` is true where the lot is covered but not whole.
    """

    available: np.ndarray
    known: np.ndarray
    share: np.ndarray
    short: np.ndarray


def lot_views(
    demand: Demand, found: Candidates, tables: np.ndarray, asked: tuple[Asked, ...], able: np.ndarray
) -> tuple[LotView, ...]:
    """Every lot over the candidates.

    ``tables`` as from :func:`search.candidates.similarity_tables`, ``able`` masks the
    offers that are in season and go to the place.
    """
    able = np.flatnonzero(able & meets_required(asked, found.columns, found.rows))
    rows, group = found.rows[able], found.group[able]
    categories = found.columns.offers.category[rows]
    views = []
    for number, (lot, table) in enumerate(zip(demand.lots, tables, strict=True)):
        covering = np.flatnonzero((table > 0)[categories])
        views.append(
            LotView(
                number,
                lot,
                found.columns,
                len(found),
                able[covering],
                rows[covering],
                group[covering],
                table[categories[covering]],
            )
        )
    return tuple(views)


def quantities(view: LotView) -> Quantities:
    """How much of a lot the covering offers have together (MATCHING, share)."""
    available = view.columns.offers.available[view.rows]
    together = view.total(np.where(available != UNKNOWN, available, 0))
    if view.lot.quantity is None or view.lot.unit is None:
        nobody = np.zeros(view.count, dtype=np.bool_)
        return Quantities(together, nobody, np.ones(view.count), nobody)
    known = view.covered & ~view.any((available == UNKNOWN) | ~view.in_unit)
    share = np.where(known, np.minimum(1.0, together / view.lot.quantity), 1.0)
    return Quantities(together, known, share, np.round(share, SCORE_DECIMALS) < 1)


def comparable_prices(view: LotView, with_vat: bool) -> np.ndarray:
    """Per covering offer the price to be compared with the lot's budget, infinite where there is none in its unit.

    In ten-thousandths of a euro per unit. A price without VAT is the price with
    VAT divided by 1 + rate, not rounded.
    """
    offers = view.columns.offers
    prices = offers.price[view.rows].astype(np.float64)
    priced = (prices != UNKNOWN) & view.in_unit
    if not with_vat:
        prices = prices * VAT_UNITS / (VAT_UNITS + offers.vat[view.rows])
    return np.where(priced, prices, np.inf)
