"""How a joint answer suits a demand: the score of MATCHING, with each lot judged by who brings it. Pure.

A score is made of means over lots: of how each is fitted, of the evidence where it is covered, of its price; and of one
nearness. Of a joint answer each lot counts by whoever brings it, where several bring one by their parts of it, and
nearness by how many lots somebody brings. Who brings every lot alone gets its own score to the last bit but rounding, so
that joint answers and others stand in one order; and each partner's part of the score can be told.

As everywhere, suppliers are judged by their catalogues: of an answer it only counts who brings which lot, and how much.
No must is traded against score: each has to hold all of them for what it brings, and what may not be split must come
from one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from search.answer import Answer, Match
from search.constants import UNKNOWN_PRICE_UTILITY
from search.demand import Demand
from search.weights import weighing


@dataclass(frozen=True, slots=True)
class Brought:
    """A supplier brings a lot, by its number in the demand from 0; ``quantity`` in thousandths, ``None`` where not said."""

    supplier_id: int
    lot: int
    quantity: int | None = None


class Line(Protocol):
    """What is looked at of a line of an answer (:class:`marketplace.proposals.queries.LineRow`)."""

    organisation_id: int
    quantity: int | None


@dataclass(frozen=True, slots=True)
class JointPart:
    """One partner: the lots that it brings, and by component what it adds to the score, nothing where there is none."""

    supplier_id: int
    lots: tuple[int, ...]
    contributions: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class JointScore:
    """``contributions`` by component add up to ``score``; they are the sums over ``parts`` and ``unanswered``.

    ``unanswered`` is what lots that nobody brings count: under price what an unknown one counts, else nothing. ``score``
    is ``None`` where a must fails: ``unsuitable`` are the suppliers that lack something for what they bring,
    ``divided`` the lots that may not be split and that several bring.
    """

    score: float | None
    contributions: Mapping[str, float]
    parts: tuple[JointPart, ...]
    unanswered: Mapping[str, float]
    unsuitable: tuple[int, ...] = ()
    divided: tuple[int, ...] = ()


def brought_by(lines: Mapping[int, Iterable[Line]], positions: Mapping[int, int]) -> list[Brought]:
    """Who brings what, from lines by lot id; ``positions`` are the numbers of the lots, by their ids."""
    return [
        Brought(line.organisation_id, positions[lot_id], line.quantity)
        for lot_id, found in lines.items()
        for line in found
    ]


Matching = Callable[[Demand], Answer]
"""The answer to a demand over a world that holds the suppliers, such as :meth:`search.memory.World.match` at a moment."""


def joint_scores(
    demand: Demand, answers: Mapping[int, Iterable[Brought]], matching: Matching
) -> dict[int, JointScore]:
    """The score of each joint answer, by whatever names it. The order of what is brought never matters.

    A supplier that brings nothing has no part. One that brings a lot twice brings the sum.
    """
    judge = _Judge(demand, matching)
    return {name: judge.score(list(brought)) for name, brought in answers.items()}


class _Judge:
    """A demand and the matches of parts of it, each asked once."""

    def __init__(self, demand: Demand, matching: Matching):
        self._demand, self._weighing = demand, weighing(demand)

        @cache
        def matches(lots: tuple[int, ...]) -> dict[int, Match]:
            # fit always counts, so that a part of a valid demand is one, too; utilities do not depend on weights
            part = replace(
                demand,
                lots=tuple(demand.lots[lot] for lot in lots),
                weights=replace(demand.weights, fit=1.0),
            )
            return {match.supplier_id: match for match in matching(part).matches}

        self._matches = matches

    def score(self, brought: Sequence[Brought]) -> JointScore:
        portions = _portions(brought)
        lots_of: dict[int, tuple[int, ...]] = {
            id_: tuple(lot for lot, of in portions.items() if id_ in of)
            for id_ in sorted({one.supplier_id for one in brought})
        }
        unsuitable = tuple(id_ for id_, lots in lots_of.items() if id_ not in self._matches(lots))
        divided = tuple(
            lot for lot, of in portions.items() if len(of) > 1 and not self._demand.lots[lot].splittable
        )
        if unsuitable or divided or not portions:
            parts = tuple(JointPart(id_, lots, {}) for id_, lots in lots_of.items())
            return JointScore(None, {}, parts, {}, unsuitable, divided)
        worth = {
            component: getattr(self, f"_{component}")(portions, lots_of)
            for component in self._weighing.weights
        }
        scale = {name: weight / self._weighing.total for name, weight in self._weighing.weights.items()}
        parts = tuple(
            JointPart(id_, lots, {name: scale[name] * worth[name][id_] for name in scale})
            for id_, lots in lots_of.items()
        )
        unanswered = self._unanswered(portions)
        unanswered = {name: scale[name] * value for name, value in unanswered.items() if name in scale}
        contributions = {
            name: sum(part.contributions[name] for part in parts) + unanswered.get(name, 0.0)
            for name in scale
        }
        return JointScore(sum(contributions.values()), contributions, parts, unanswered)

    def _fit(self, portions, lots_of) -> dict[int, float]:
        """Over all lots: of each as much as its bringer brings and has, by how well that fits."""
        return {
            id_: sum(
                min(portions[lot][id_], cover.share) * cover.fit
                for lot in lots
                if (cover := self._cover(lot, id_)) is not None
            )
            / len(self._demand.lots)
            for id_, lots in lots_of.items()
        }

    def _proximity(self, portions, lots_of) -> dict[int, float]:
        return {
            id_: self._matches(lots)[id_].utilities["proximity"]
            * sum(portions[lot][id_] for lot in lots)
            / len(portions)
            for id_, lots in lots_of.items()
        }

    def _values(self, portions, lots_of) -> dict[int, float]:
        """Over what is brought by somebody whose catalogue covers it."""
        covered = sum(
            portions[lot][id_]
            for id_, lots in lots_of.items()
            for lot in lots
            if self._cover(lot, id_) is not None
        )
        return {
            id_: sum(
                portions[lot][id_] * self._matches((lot,))[id_].utilities["values"]
                for lot in lots
                if self._cover(lot, id_) is not None
            )
            / covered
            for id_, lots in lots_of.items()
        }

    def _price(self, portions, lots_of) -> dict[int, float]:
        budgets = self._budgets()
        return {
            id_: sum(portions[lot][id_] * self._price_of(lot, id_) for lot in lots if lot in budgets)
            / len(budgets)
            for id_, lots in lots_of.items()
        }

    def _unanswered(self, portions) -> dict[str, float]:
        budgets = self._budgets()
        left = len(budgets - portions.keys())
        return {"price": UNKNOWN_PRICE_UTILITY * left / len(budgets)} if left else {}

    def _budgets(self) -> set[int]:
        return {number for number, lot in enumerate(self._demand.lots) if lot.budget is not None}

    def _price_of(self, lot: int, id_: int) -> float:
        match = self._matches((lot,)).get(id_)
        return match.utilities["price"] if match is not None else UNKNOWN_PRICE_UTILITY

    def _cover(self, lot: int, id_: int):
        """How a supplier covers a lot; ``None`` where it does not."""
        match = self._matches((lot,)).get(id_)
        return match.lots[0] if match is not None else None


def _portions(brought: Sequence[Brought]) -> dict[int, dict[int, float]]:
    """By lot, in their order, what part of it each brings: by the quantities, or equal ones where one is not said."""
    by_lot: dict[int, dict[int, int | None]] = defaultdict(dict)
    for one in sorted(brought, key=lambda one: (one.lot, one.supplier_id)):
        before = by_lot[one.lot].get(one.supplier_id, 0)
        by_lot[one.lot][one.supplier_id] = (
            None if before is None or one.quantity is None else before + one.quantity
        )
    portions = {}
    for lot, quantities in by_lot.items():
        known = [quantity for quantity in quantities.values() if quantity]
        whole = sum(known) if len(known) == len(quantities) else None
        portions[lot] = {
            id_: quantity / whole if whole else 1 / len(quantities) for id_, quantity in quantities.items()
        }
    return portions
