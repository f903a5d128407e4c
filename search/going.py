"""Which offers go to the place of a demand (MATCHING, reach, for offers with areas of their own)."""

import numpy as np

from search.candidates import Candidates
from search.demand import Demand

_POSITION_BITS = 20


def going(demand: Demand, found: Candidates, reached: np.ndarray | None) -> np.ndarray:
    """Per offer of the candidates: whether it goes to the place of the demand, as far as it has areas of its own.

    ``reached`` masks the suppliers of the columns that have any area there, ``None`` where nobody has to go
    there. The offers of a supplier that is not reached count as going: that it does not is a must of its
    own, and the other musts are judged as if it did.
    """
    goes = np.ones(len(found.rows), dtype=np.bool_)
    columns = found.columns
    own = columns.offer_areas
    if reached is None or not len(own.bounded):
        return goes
    suppliers = columns.offers.supplier
    at = np.flatnonzero(np.isin(found.rows, own.bounded, assume_unique=True) & reached[suppliers[found.rows]])
    if not len(at):
        return goes
    rows = found.rows[at]
    low, high = np.searchsorted(own.offer, rows), np.searchsorted(own.offer, rows, side="right")
    lengths = high - low
    pairs = np.repeat(low - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
    owners, areas = columns.areas.covering(demand.place)
    named = _numbers(suppliers[own.offer[pairs]], own.area[pairs])
    goes[at] = False
    goes[np.repeat(at, lengths)[np.isin(named, _numbers(owners, areas))]] = True
    return goes


def _numbers(suppliers: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """One number for a supplier row and the position of one of its areas."""
    return (suppliers.astype(np.int64) << _POSITION_BITS) | areas.astype(np.int64)
