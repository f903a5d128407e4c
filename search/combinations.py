"""Joint answers: which suppliers together bring what no single one brings.

A set of suppliers covers a lot that may be split where what they bring adds up to what is asked, and one that may
not where one of them brings all of it. Lots share no stock (MATCHING, fit), so who is in the set is the only thing to
decide: one yes or no for each supplier, one inequality for each lot. HiGHS solves that, through
:func:`scipy.optimize.milp`.

The best set has the fewest suppliers, then the least sum of their distances, then the highest sum of their scores;
what is left equal is settled by the suppliers' ids, never by the order in which they were given.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

#: Distances are compared in steps of 100 m, scores in thousandths: finer differences nobody sees.
STEPS_PER_KM = 10
SCORE_UNITS = 1000
#: Sets that are proposed beside each other, unless told otherwise.
ALTERNATIVES = 3
#: Seconds for all of them together, unless told otherwise.
TIME_LIMIT_S = 0.9


@dataclass(frozen=True, slots=True)
class AskedLot:
    """``quantity`` in thousandths of the lot's unit, greater than 0; ``None`` where none was said: anybody covers it."""

    quantity: int | None = None
    splittable: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """One suitable supplier: how far, how well it fits alone, and what it brings.

    ``brings`` maps the numbers of lots to thousandths of their units; ``None`` is a quantity that is not known, which
    counts as all that is asked.
    """

    id: int
    km: float
    score: float
    brings: Mapping[int, int | None] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Part:
    """What one supplier would bring for one lot; ``quantity`` ``None`` where the lot says none."""

    lot: int
    supplier_id: int
    quantity: int | None


@dataclass(frozen=True, slots=True)
class Lack:
    """What nobody brings of a lot: ``quantity``, or all of it where it says none or may not be split."""

    lot: int
    quantity: int | None


@dataclass(frozen=True, slots=True)
class Combination:
    """Suppliers who answer together, nearest first; ``lacks`` is empty where they bring everything."""

    supplier_ids: tuple[int, ...]
    parts: tuple[Part, ...]
    lacks: tuple[Lack, ...]
    km: float
    score: float

    @property
    def is_whole(self) -> bool:
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Combinations:
    """The best set first. ``interrupted``: time ran out, so a better one may exist."""

    found: tuple[Combination, ...]
    interrupted: bool = False


def combine(
    lots: Sequence[AskedLot],
    candidates: Iterable[Candidate],
    *,
    alternatives: int = ALTERNATIVES,
    time_limit_s: float = TIME_LIMIT_S,
) -> Combinations:
    """The best sets that cover every lot wholly, or as much of each as all suppliers together could.

    No set contains another one. Raises ValueError where two candidates share an id.
    """
    world = _World(lots, candidates)
    if not world.suppliers or not world.needs.any():
        return Combinations(())
    # slow to import, and only those who look for joint answers need it; its second is not taken from the search
    import scipy.optimize  # noqa: F401

    until = time.monotonic() + time_limit_s
    found: list[frozenset[int]] = []
    interrupted = False
    while len(found) < alternatives:
        best, whole = _best_set(world, found, until)
        interrupted |= not whole
        if best is None:
            break
        found.append(best)
        if interrupted:
            break
    return Combinations(tuple(world.combination(chosen) for chosen in found), interrupted)


class _World:
    """The lots and the suppliers as whole numbers, suppliers in order of id."""

    def __init__(self, lots: Sequence[AskedLot], candidates: Iterable[Candidate]):
        self.lots = lots
        self.suppliers = sorted(candidates, key=lambda one: one.id)
        if len({one.id for one in self.suppliers}) < len(self.suppliers):
            raise ValueError("two candidates share an id")
        #: What each supplier (column) adds to each lot (row), at most what is asked; thousandths, or 1 for all of it.
        self.brings = np.array(
            [
                [self._counted(lot, one.brings.get(number, 0)) for one in self.suppliers]
                for number, lot in enumerate(lots)
            ],
            dtype=np.int64,
        ).reshape(len(lots), len(self.suppliers))
        asked = np.array([self._asked(lot) for lot in lots], dtype=np.int64)
        #: What a set must bring of each lot: all that is asked, or all that there is.
        self.needs = np.minimum(asked, self.brings.sum(axis=1))
        self.steps = np.array([round(one.km * STEPS_PER_KM) for one in self.suppliers], dtype=np.int64)
        self.points = np.array([round(one.score * SCORE_UNITS) for one in self.suppliers], dtype=np.int64)

    @staticmethod
    def _asked(lot: AskedLot) -> int:
        return lot.quantity if lot.quantity is not None and lot.splittable else 1

    def _counted(self, lot: AskedLot, brought: int | None) -> int:
        if lot.quantity is None:
            return int(brought is None or brought > 0)
        if not lot.splittable:
            return int(brought is None or brought >= lot.quantity)
        return lot.quantity if brought is None else min(brought, lot.quantity)

    def covers(self, chosen: Iterable[int]) -> bool:
        """Exactly, in whole numbers: a solver compares with a tolerance."""
        return bool((self.brings[:, sorted(chosen)].sum(axis=1) >= self.needs).all())

    def greedy(self) -> frozenset[int]:
        """A set that covers: always the supplier that adds most of what is still lacking, then what is superfluous goes."""
        chosen: list[int] = []
        lacking = self.needs.copy()
        while (lacking > 0).any():
            gains = (np.minimum(self.brings, lacking[:, None]) / np.maximum(self.needs, 1)[:, None]).sum(
                axis=0
            )
            gains[chosen] = -1.0
            best = int(np.lexsort((-self.points, self.steps, -np.round(gains, 9)))[0])
            chosen.append(best)
            lacking = np.maximum(lacking - self.brings[:, best], 0)
        for one in sorted(chosen, key=lambda each: -self.steps[each]):
            rest = [each for each in chosen if each != one]
            if self.covers(rest):
                chosen = rest
        return frozenset(chosen)

    def combination(self, chosen: frozenset[int]) -> Combination:
        nearest = sorted(chosen, key=lambda one: (self.steps[one], one))
        best = sorted(chosen, key=lambda one: (-self.points[one], self.steps[one], one))
        parts: list[Part] = []
        lacks: list[Lack] = []
        for number, lot in enumerate(self.lots):
            left = self._asked(lot)
            for one in best:
                share = min(left, int(self.brings[number, one]))
                if share > 0:
                    whole = lot.quantity is None or not lot.splittable
                    parts.append(Part(number, self.suppliers[one].id, lot.quantity if whole else share))
                    left -= share
            if left > 0:
                lacks.append(
                    Lack(number, left if lot.quantity is not None and lot.splittable else lot.quantity)
                )
        return Combination(
            supplier_ids=tuple(self.suppliers[one].id for one in nearest),
            parts=tuple(parts),
            lacks=tuple(lacks),
            km=sum(self.suppliers[one].km for one in nearest),
            score=sum(self.suppliers[one].score for one in nearest),
        )


def _best_set(
    world: _World, others: Sequence[frozenset[int]], until: float
) -> tuple[frozenset[int] | None, bool]:
    """The best set that contains none of ``others``, and whether the search ended; ``None`` where there is none.

    Where time runs out, the best that was found, or for the first set the greedy one.
    """
    program = _Program(world, others, until)
    ones = np.ones(len(world.suppliers), dtype=np.int64)
    fewest = program.least(ones)
    if fewest is None:
        return (None if others or not program.interrupted else world.greedy()), not program.interrupted
    if program.interrupted:
        return min(fewest, fewest if others else world.greedy(), key=len), False
    # nearness first and then score, in one whole number: all scores together never outweigh one step of nearness
    costs = world.steps * (len(fewest) * SCORE_UNITS + 1) - world.points
    near = _nearer(world, fewest, costs, others)
    most = int(costs[sorted(near)].sum())
    program.keep(ones, len(fewest))
    program.keep(costs, most)
    # who with the nearest others of all is already farther than a set that is known needs no look
    nearest_others = int(np.sort(costs)[: len(fewest) - 1].sum())
    program.leave_out(costs + nearest_others > most, but=near)
    best = program.least(costs)
    if best is None or costs[sorted(best)].sum() > most:
        best = near
    return best, not program.interrupted


def _nearer(
    world: _World, chosen: frozenset[int], costs: np.ndarray, others: Sequence[frozenset[int]]
) -> frozenset[int]:
    """A set as large that covers and costs less, found by putting one or two in the place of as many."""
    pairs = np.array(np.triu_indices(len(costs), 1)).T
    improved = True
    while improved:
        improved = False
        for leaving in [{one} for one in sorted(chosen)] + [
            set(two) for two in combinations(sorted(chosen), 2)
        ]:
            staying = sorted(chosen - leaving)
            lacking = world.needs - world.brings[:, staying].sum(axis=1)
            spent = int(costs[sorted(leaving)].sum())
            if len(leaving) == 1:
                coming = np.arange(len(costs))[:, None]
            else:
                coming = pairs
            price = costs[coming].sum(axis=1)
            coming, price = coming[price < spent], price[price < spent]
            brought = world.brings[:, coming].sum(axis=2)
            good = (brought >= lacking[:, None]).all(axis=0)
            for at in np.flatnonzero(good)[np.argsort(price[good], kind="stable")].tolist():
                new = frozenset([*staying, *coming[at].tolist()])
                if len(new) == len(chosen) and not any(other <= new for other in others):
                    chosen, improved = new, True
                    break
            if improved:
                break
    return chosen


class _Program:
    """Inequalities over one yes or no for each supplier, to which more are added."""

    def __init__(self, world: _World, others: Sequence[frozenset[int]], until: float):
        self._world = world
        self._until = until
        self.interrupted = False
        self._left_out = np.zeros(len(world.suppliers), dtype=bool)
        asked = world.needs > 0
        # as shares of what is needed, so that a lot of tonnes weighs no more than one of kilograms
        self._rows = [*(world.brings[asked] / world.needs[asked, None])]
        self._least = [1.0] * len(self._rows)
        self._most = [np.inf] * len(self._rows)
        for chosen in others:
            self._add(self._indicator(chosen), -np.inf, len(chosen) - 1)

    def _add(self, row: np.ndarray, least: float, most: float) -> None:
        self._rows.append(row)
        self._least.append(least)
        self._most.append(most)

    def _indicator(self, chosen: Iterable[int]) -> np.ndarray:
        row = np.zeros(len(self._world.suppliers))
        row[sorted(chosen)] = 1.0
        return row

    def keep(self, costs: np.ndarray, reached: int) -> None:
        """No set costs more than this; half a unit is room for the solver's arithmetic."""
        scale = float(np.abs(costs).max()) or 1.0
        self._add(costs / scale, -np.inf, (reached + 0.5) / scale)

    def leave_out(self, rows: np.ndarray, but: frozenset[int]) -> None:
        self._left_out |= rows
        self._left_out[sorted(but)] = False

    def least(self, costs: np.ndarray) -> frozenset[int] | None:
        """The set of least cost that holds every inequality exactly, or ``None``."""
        from scipy.optimize import LinearConstraint, milp

        kept = np.flatnonzero(~self._left_out)
        while (left := self._until - time.monotonic()) > 0:
            solved = milp(
                costs[kept].astype(float),
                integrality=np.ones(len(kept)),
                bounds=(0, 1),
                constraints=LinearConstraint(np.array(self._rows)[:, kept], self._least, self._most),
                options={"time_limit": left, "mip_rel_gap": 0.0},
            )
            self.interrupted = solved.status == 1
            if solved.x is None:
                return None
            chosen = frozenset(kept[solved.x > 0.5].tolist())
            if self._world.covers(chosen):
                return chosen
            # within the solver's tolerance and yet short: somebody else must be in it
            self._add(1.0 - self._indicator(chosen), 1.0, np.inf)
        self.interrupted = True
        return None
