"""What each must of a demand costs: how many suppliers would be suitable without it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from search.demand import Demand, Mode


class Must(StrEnum):
    CRITERION = "criterion"
    ALL_CRITERIA = "all_criteria"
    DISTANCE = "distance"
    RESERVED = "reserved"
    MONTHS = "months"
    WHOLE_LOTS = "whole_lots"


class Counting(Protocol):
    def suitable_counts(self, demands: Sequence[Demand], now: datetime) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class Without:
    """``suitable`` suppliers once one must is dropped; ``criterion`` says which where it is a criterion."""

    must: Must
    criterion: str | None
    suitable: int


@dataclass(frozen=True, slots=True)
class Counted:
    """``suitable`` suppliers for the demand as it stands, and for it without each must that leaves somebody out."""

    suitable: int
    without: tuple[Without, ...]

    @property
    def unheld(self) -> tuple[str, ...]:
        """The required criteria that leave nobody where there would be somebody."""
        if self.suitable:
            return ()
        return tuple(one.criterion for one in self.without if one.must is Must.CRITERION and one.suitable)


def counted(
    engine: Counting, demand: Demand, now: datetime, *, fixed: frozenset[Must] = frozenset()
) -> Counted:
    """How many suppliers are suitable, and what each must costs; ``fixed`` musts are the law's, and stay.

    Raises :class:`search.demand.InvalidDemand`.
    """
    relaxed = [one for one in relaxations(demand) if one[0] not in fixed]
    suitable, *others = engine.suitable_counts([demand, *(without for _, _, without in relaxed)], now)
    costs = [
        Without(must, criterion, count)
        for (must, criterion, _), count in zip(relaxed, others, strict=True)
        if count > suitable
    ]
    return Counted(suitable, tuple(sorted(costs, key=lambda cost: -cost.suitable)))


def relaxations(demand: Demand) -> Iterator[tuple[Must, str | None, Demand]]:
    """The demand without each of its musts, one at a time."""
    for number, must in enumerate(demand.required):
        others = demand.required[:number] + demand.required[number + 1 :]
        yield Must.CRITERION, must.criterion, replace(demand, required=others)
    if len(demand.required) > 1:
        yield Must.ALL_CRITERIA, None, replace(demand, required=())
    if demand.max_distance_km is not None and demand.mode != Mode.REMOTE:
        yield Must.DISTANCE, None, replace(demand, max_distance_km=None)
    if demand.qualifications:
        yield Must.RESERVED, None, replace(demand, qualifications=frozenset())
    if demand.months:
        yield Must.MONTHS, None, replace(demand, months=frozenset())
    if any(not lot.splittable for lot in demand.lots):
        split = tuple(replace(lot, splittable=True) for lot in demand.lots)
        yield Must.WHOLE_LOTS, None, replace(demand, lots=split)
