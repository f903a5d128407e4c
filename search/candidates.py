"""The offers in category for a demand, grouped by supplier."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.columns import Columns, month_bits
from search.constants import MIN_SIMILARITY
from search.demand import Demand
from search.taxonomy import CategoryTree


@dataclass(frozen=True, eq=False)
class Candidates:
    """Published offers in category of considered suppliers: every supplier here passes published and category.

    ``rows`` are offer rows in ascending order, so that each supplier's are
    together; ``suppliers`` the supplier rows, ascending; ``starts`` the
    position in ``rows`` of each supplier's first offer.
    """

    columns: Columns
    rows: np.ndarray
    suppliers: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, columns: Columns, rows: np.ndarray) -> "Candidates":
        """The groups of ascending offer rows."""
        owners = columns.offers.supplier[rows]
        starts = first_of_runs(owners)
        return cls(columns, rows, owners[starts], starts)

    def __len__(self) -> int:
        """How many suppliers."""
        return len(self.suppliers)

    @cached_property
    def group(self) -> np.ndarray:
        """Per offer: the position of its supplier in ``suppliers``."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts, append=len(self.rows)))

    def any(self, mask: np.ndarray) -> np.ndarray:
        """Per supplier: whether the mask holds for any of its offers."""
        found = np.zeros(len(self), dtype=np.bool_)
        found[self.group[mask]] = True
        return found

    def offers_of(self, position: int) -> range:
        """Positions in ``rows`` of the offers of one supplier."""
        end = int(self.starts[position + 1]) if position + 1 < len(self) else len(self.rows)
        return range(int(self.starts[position]), end)


def first_of_runs(numbers: np.ndarray) -> np.ndarray:
    """The position at which each run of equal numbers begins."""
    begins = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def similarity_tables(demand: Demand, columns: Columns, tree: CategoryTree) -> np.ndarray:
    """For each lot and each category of the columns, the similarity; shape (lots, categories).

    0 stands for a similarity below the least.
    """
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
