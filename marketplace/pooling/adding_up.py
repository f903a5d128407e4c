"""Needs of different groups that together reach what a supplier asks at least: decisions on plain values.

For one offer, needs add up where they ask for its category or one above it, in its unit, on a day on which all of
them and the offer are in season, and where one and the same delivery area of the supplier reaches them all or, for
an offer without areas in question, where they lie close together. The order in which needs come plays no part.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from geo.areas import Area, Place
from geo.distance import haversine_km
from search.taxonomy import CategoryTree

#: How far apart, in km, needs may lie that are fetched together where no area of the supplier reaches them.
CLOSE_KM = 15.0
#: Prices are in ten-thousandths of a euro per unit, quantities in thousandths of it: so many of both are one cent.
_PER_CENT = 100 * 1000


@dataclass(frozen=True, slots=True)
class Need:
    """One line of a group's need: ``quantity`` in thousandths of ``unit``; ``months`` empty is all year.

    ``first_day`` and ``last_day`` are included, ``None`` where open.
    """

    demand_id: int
    lot_id: int
    organisation_id: int
    category: str
    unit: str
    quantity: int
    place: Place
    first_day: date | None = None
    last_day: date | None = None
    months: frozenset[int] = frozenset()

    def is_on(self, day: date) -> bool:
        return (
            (self.first_day is None or self.first_day <= day)
            and (self.last_day is None or day <= self.last_day)
            and (not self.months or day.month in self.months)
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the offer goes, and for how much, in cents, at least (``None``: no minimum)."""

    area: Area
    minimum_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """An offer: ``price`` in ten-thousandths of a euro, ``minimum`` and ``box`` in thousandths of ``unit``."""

    offer_id: int
    organisation_id: int
    category: str
    unit: str
    price: int | None = None
    minimum: int | None = None
    box: int | None = None
    months: frozenset[int] = frozenset()
    reaches: tuple[Reach, ...] = ()
    seat: Place | None = None

    @property
    def least(self) -> int:
        """The quantity that it asks at least, 0 where it asks for none."""
        return max(self.minimum or 0, self.box or 0)


@dataclass(frozen=True, slots=True)
class Pool:
    """Needs that reach together what one of them does not alone. ``needs`` by demand and lot, ``quantity`` their sum."""

    supply: Supply
    needs: tuple[Need, ...]
    quantity: int
    minimum_cents: int | None

    @property
    def demand_ids(self) -> frozenset[int]:
        return frozenset(need.demand_id for need in self.needs)


def pools(needs: Iterable[Need], supplies: Iterable[Supply], tree: CategoryTree, today: date) -> list[Pool]:
    """For each offer the largest sum that passes its minimum, in the order of the offers; none where none does."""
    every = sorted(set(needs), key=lambda need: (need.demand_id, need.lot_id))
    found = []
    for supply in sorted(supplies, key=lambda one: one.offer_id):
        above = {supply.category, *(tree.ancestors(supply.category) if supply.category in tree else ())}
        asked = [
            need
            for need in every
            if need.category in above
            and need.unit == supply.unit
            and need.quantity > 0
            and need.organisation_id != supply.organisation_id
        ]
        candidates = [
            pool
            for day in _days(asked, today)
            if not supply.months or day.month in supply.months
            for pool in _on(supply, [need for need in asked if need.is_on(day)])
        ]
        if candidates:
            found.append(max(candidates, key=_preference))
    return found


def passes(supply: Supply, quantity: int, minimum_cents: int | None) -> bool:
    """Whether a quantity reaches the minimum of the offer and, in money, that of the delivery area."""
    if quantity < supply.least:
        return False
    if minimum_cents is None:
        return True
    return supply.price is not None and quantity * supply.price >= minimum_cents * _PER_CENT


def _on(supply: Supply, needs: Sequence[Need]) -> Iterator[Pool]:
    """What adds up among needs of the same time: per delivery area, or around each need where there is none."""
    if supply.reaches:
        for reach in supply.reaches:
            yield from _pool(supply, [n for n in needs if reach.area.covers(n.place)], reach.minimum_cents)
        return
    for centre in needs:
        near = [n for n in needs if haversine_km(centre.place.point, n.place.point) <= CLOSE_KM]
        yield from _pool(supply, near, None)


def _pool(supply: Supply, needs: Sequence[Need], minimum_cents: int | None) -> Iterator[Pool]:
    if len({need.organisation_id for need in needs}) < 2 or not (supply.least or minimum_cents):
        return
    total = sum(need.quantity for need in needs)
    alone = _by_group(needs)
    if passes(supply, total, minimum_cents) and not all(
        passes(supply, quantity, minimum_cents) for quantity in alone
    ):
        yield Pool(supply, tuple(needs), total, minimum_cents)


def _by_group(needs: Iterable[Need]) -> Collection[int]:
    sums: dict[int, int] = {}
    for need in needs:
        sums[need.organisation_id] = sums.get(need.organisation_id, 0) + need.quantity
    return sums.values()


def _days(needs: Iterable[Need], today: date) -> list[date]:
    """Days on which the most come together: as needs begin, and as months do, a year ahead."""
    days = {today}
    days.update(need.first_day for need in needs if need.first_day is not None and need.first_day > today)
    for ahead in range(1, 12):
        month = today.month - 1 + ahead
        days.add(date(today.year + month // 12, month % 12 + 1, 1))
    return sorted(days)


def _preference(pool: Pool) -> tuple:
    """The largest sum; among equal ones the same one whatever came first."""
    return pool.quantity, [(-need.demand_id, -need.lot_id) for need in pool.needs]
