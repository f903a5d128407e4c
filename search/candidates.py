"""The offers in category for a demand, grouped by supplier, and how they cover each lot."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.columns import UNKNOWN, Columns, month_bits
from search.constants import MIN_SIMILARITY, SCORE_DECIMALS, VAT_UNITS
from search.demand import Demand, Lot
from search.judging import Asked, meets_required
from search.taxonomy import CategoryTree


@dataclass(frozen=True, eq=False)
class Candidates:
    """Published offers in category of considered suppliers: every supplier here passes published and category.

    ``rows`` are offer rows in ascending order, so that each supplier's are
    together; ``suppliers`` the supplier rows, ascending; ``starts`` the
    position in ``rows`` of each supplier's first offer. Reductions give one
    value per supplier.
    """

    columns: Columns
    rows: np.ndarray
    suppliers: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, columns: Columns, rows: np.ndarray) -> "Candidates":
        """The groups of ascending offer rows."""
        owners = columns.offers.supplier[rows]
        first = np.ones(len(rows), dtype=np.bool_)
        np.not_equal(owners[1:], owners[:-1], out=first[1:])
        starts = np.flatnonzero(first)
        return cls(columns, rows, owners[starts], starts)

    def __len__(self) -> int:
        """How many suppliers."""
        return len(self.suppliers)

    def any(self, mask: np.ndarray) -> np.ndarray:
        """Per supplier: whether the mask holds for any of its offers."""
        return np.logical_or.reduceat(mask, self.starts) if len(self) else np.zeros(0, dtype=np.bool_)

    def highest(self, numbers: np.ndarray) -> np.ndarray:
        """Per supplier: the highest number of its offers."""
        return np.maximum.reduceat(numbers, self.starts) if len(self) else numbers[:0]

    def lowest(self, numbers: np.ndarray) -> np.ndarray:
        """Per supplier: the lowest number of its offers."""
        return np.minimum.reduceat(numbers, self.starts) if len(self) else numbers[:0]

    def total(self, numbers: np.ndarray) -> np.ndarray:
        """Per supplier: the sum of its offers' numbers."""
        return np.add.reduceat(numbers, self.starts) if len(self) else numbers[:0]

    def offers_of(self, position: int) -> range:
        """Positions in ``rows`` of the offers of one supplier."""
        end = int(self.starts[position + 1]) if position + 1 < len(self) else len(self.rows)
        return range(int(self.starts[position]), end)

    def offers_of_all(self, mask: np.ndarray) -> np.ndarray:
        """Positions in ``rows`` of the offers of the suppliers in the mask, ascending."""
        return np.flatnonzero(np.repeat(mask, np.diff(self.starts, append=len(self.rows))))


@dataclass(frozen=True, eq=False)
class LotView:
    """One lot over candidates: per offer its category ``similarity`` and whether it is ``covering``."""

    number: int
    lot: Lot
    similarity: np.ndarray
    covering: np.ndarray

    def at(self, positions: np.ndarray | slice) -> "LotView":
        """The same over these offers only."""
        return LotView(self.number, self.lot, self.similarity[positions], self.covering[positions])


@dataclass(frozen=True, eq=False)
class Quantities:
    """Per supplier, for one lot: whether covered, what is available together, and the share of what is asked.

    ``known`` is false where the share counts as whole because a quantity is
    missing or the units differ.
    """

    covered: np.ndarray
    available: np.ndarray
    known: np.ndarray
    share: np.ndarray

    @cached_property
    def short(self) -> np.ndarray:
        """Per supplier: covered, but not whole."""
        return self.covered & (np.round(self.share, SCORE_DECIMALS) < 1)


def similarity_tables(demand: Demand, columns: Columns, tree: CategoryTree) -> np.ndarray:
    """For each lot and each category of the columns, the similarity (0 where below the least); shape (lots, categories)."""
    tables = np.zeros((len(demand.lots), len(columns.category_codes)))
    for table, lot in zip(tables, demand.lots, strict=True):
        asked = (lot.category,) if lot.category is not None else tree.by_cpv(lot.cpv or "")
        for code, similarity in tree.similarities(asked).items():
            number = columns.category_codes.number(code)
            if number >= 0 and similarity >= MIN_SIMILARITY:
                table[number] = similarity
    return tables


def candidates(columns: Columns, tables: np.ndarray) -> Candidates:
    """The candidates of a demand with these similarity tables."""
    return Candidates.of(columns, columns.listed_offers(np.flatnonzero(tables.any(axis=0))))


def in_season(demand: Demand, found: Candidates) -> np.ndarray:
    """Per offer: whether it has a month in common with the demand."""
    asked = month_bits(demand.months)
    return (found.columns.offers.months[found.rows] & np.uint16(asked)) != 0


def lot_views(
    demand: Demand, found: Candidates, tables: np.ndarray, asked: tuple[Asked, ...], season: np.ndarray
) -> tuple[LotView, ...]:
    """Every lot over the candidates; ``season`` as from :func:`in_season`."""
    able = season & meets_required(asked, found.columns, found.rows)
    categories = found.columns.offers.category[found.rows]
    views = []
    for number, (lot, table) in enumerate(zip(demand.lots, tables, strict=True)):
        similarity = table[categories]
        views.append(LotView(number, lot, similarity, able & (similarity > 0)))
    return tuple(views)


def in_unit(found: Candidates, lot: Lot) -> np.ndarray:
    """Per offer: whether it is sold in the lot's unit; none where the lot names none."""
    unit = found.columns.unit_codes.number(lot.unit)
    if unit < 0:
        return np.zeros(len(found.rows), dtype=np.bool_)
    return found.columns.offers.unit[found.rows] == unit


def quantities(found: Candidates, view: LotView) -> Quantities:
    """How much of a lot the covering offers have together (MATCHING, share)."""
    covered = found.any(view.covering)
    available = found.columns.offers.available[found.rows]
    counted = found.total(np.where(view.covering & (available != UNKNOWN), available, 0))
    if view.lot.quantity is None or view.lot.unit is None:
        return Quantities(covered, counted, np.zeros(len(found), dtype=np.bool_), np.ones(len(found)))
    unclear = view.covering & ((available == UNKNOWN) | ~in_unit(found, view.lot))
    known = ~found.any(unclear)
    share = np.where(known, np.minimum(1.0, counted / view.lot.quantity), 1.0)
    return Quantities(covered, counted, known, share)


def best_prices(found: Candidates, view: LotView, with_vat: bool) -> tuple[np.ndarray, np.ndarray]:
    """Per offer the price comparable with the lot's budget, per supplier the lowest; infinite where there is none.

    In ten-thousandths of a euro per unit. A price without VAT is the price with
    VAT divided by 1 + rate, not rounded.
    """
    offers = found.columns.offers
    prices = offers.price[found.rows].astype(np.float64)
    if not with_vat:
        prices = prices * VAT_UNITS / (VAT_UNITS + offers.vat[found.rows])
    comparable = view.covering & (offers.price[found.rows] != UNKNOWN) & in_unit(found, view.lot)
    prices = np.where(comparable, prices, np.inf)
    return prices, found.lowest(prices)
