"""Who gets how much: shared out between the groups, then within each, always by the same rule, and every difference explained.

The rule. Of what there is, bookings come first, the earliest first (a later rise counts from its own time,
:mod:`marketplace.orders.booking_time`); of two at the same instant the one with the greater tolerance, then the smaller
id. Only when every booking is filled are tolerances used, in the order in which their households first booked. So nobody
gets more than booking plus tolerance; nobody less than the booking unless there is less than all booked; less to share
out never gives anybody more. Groups are shared between by the same queue, so that the two levels never contradict each
other, while a group can share out again by itself what really reached it.

Quantities are thousandths of the unit; ids are keys only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from marketplace.orders.booking_time import Part
from marketplace.orders.boxes import Boxes, fill_boxes
from marketplace.orders.reasons import Reason


@dataclass(frozen=True, slots=True)
class Want:
    """What one household wants of one product, in the parts that count from different times; at least one part."""

    basket: int
    group: int
    parts: tuple[Part, ...]
    tolerance: int = 0

    @property
    def quantity(self) -> int:
        return sum(part.quantity for part in self.parts)

    @property
    def first_at(self) -> datetime:
        return min(part.at for part in self.parts)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One product with all that is wanted of it.

    ``ceiling``: at most so much can be ordered at all. ``deliverable``: what the supplier said that it delivers
    (``None``: all that is ordered). ``in_place_of``: the product for which this one comes where that is missing.
    """

    product: int
    wants: Sequence[Want] = ()
    box_size: int | None = None
    ceiling: int | None = None
    deliverable: int | None = None
    in_place_of: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody gets, and why it differs from what was booked: the ``by`` of the reasons add up to the difference."""

    quantity: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductAllotment:
    boxes: Boxes
    groups: Mapping[int, Share] = field(default_factory=dict)
    baskets: Mapping[int, Share] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(share.quantity for share in self.baskets.values())


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the queue."""

    basket: int
    group: int
    quantity: int


def queue_of(wants: Iterable[Want]) -> list[_Place]:
    """All bookings in the order in which they are served, then all tolerances; input order does not matter."""
    wants = list(wants)
    booked = sorted(
        (part.at, -want.tolerance, want.basket, want.group, part.quantity)
        for want in wants
        for part in want.parts
    )
    tolerated = sorted(
        (want.first_at, -want.tolerance, want.basket, want.group, want.tolerance)
        for want in wants
        if want.tolerance
    )
    return [_Place(basket, group, quantity) for _at, _tol, basket, group, quantity in [*booked, *tolerated]]


def between_groups(total: int, queue: Iterable[_Place]) -> dict[int, int]:
    """How much each group gets of ``total``."""
    return _serve(total, [(place.group, place.quantity) for place in queue])


def within_group(total: int, queue: Iterable[_Place]) -> dict[int, int]:
    """How much each household of one group gets of what the group got; ``queue`` holds the places of this group."""
    return _serve(total, [(place.basket, place.quantity) for place in queue])


def _serve(total: int, places: Iterable[tuple[int, int]]) -> dict[int, int]:
    given: dict[int, int] = defaultdict(int)
    for key, quantity in places:
        served = min(quantity, total)
        given[key] += served
        total -= served
    if total:
        raise ValueError("more than was booked and tolerated")
    return dict(given)


def share_in_two_levels(total: int, queue: Sequence[_Place]) -> tuple[dict[int, int], dict[int, int]]:
    """Groups and households with what each gets of ``total``, at most all that is wanted."""
    groups = between_groups(total, queue)
    by_group: dict[int, list[_Place]] = defaultdict(list)
    for place in queue:
        by_group[place.group].append(place)
    baskets: dict[int, int] = {}
    for group, quantity in groups.items():
        baskets |= within_group(quantity, by_group[group])
    return groups, baskets


def allot(products: Iterable[Wanted]) -> dict[int, ProductAllotment]:
    """Everything of a cycle: what is ordered in whole boxes, what of it comes, and what comes in the place of what does not."""
    products = sorted(products, key=lambda wanted: wanted.product)
    found: dict[int, ProductAllotment] = {}
    missed: dict[int, list[_Place]] = {}
    for wanted in products:
        found[wanted.product], missed[wanted.product] = _allot_one(wanted)
    # of several that come in the place of one, the first takes what it can, the next what is still missing
    for wanted in products:
        if wanted.in_place_of in missed and wanted.in_place_of != wanted.product:
            found[wanted.product], missed[wanted.in_place_of] = _add_substitutes(
                wanted, found[wanted.product], missed[wanted.in_place_of]
            )
    return found


def _allot_one(wanted: Wanted) -> tuple[ProductAllotment, list[_Place]]:
    """The product by itself, and what the supplier cannot deliver, household by household in the order of the queue."""
    booked = sum(want.quantity for want in wanted.wants)
    boxes = fill_boxes(wanted.box_size, booked, sum(want.tolerance for want in wanted.wants), wanted.ceiling)
    queue = queue_of(wanted.wants)
    ordered = share_in_two_levels(boxes.ordered, queue)
    delivered = ordered
    if wanted.deliverable is not None and wanted.deliverable < boxes.ordered:
        delivered = share_in_two_levels(wanted.deliverable, queue)
    of_group: dict[int, int] = defaultdict(int)
    for want in wanted.wants:
        of_group[want.group] += want.quantity
    of_basket = {want.basket: want.quantity for want in wanted.wants}
    groups, baskets = (
        {
            key: Share(delivered[level].get(key, 0), _reasons(boxes, wanted, quantity, ordered[level].get(key, 0), delivered[level].get(key, 0)))
            for key, quantity in sorted(wants.items())
        }
        for level, wants in enumerate((of_group, of_basket))
    )  # fmt: skip
    return ProductAllotment(boxes, groups, baskets), _missed(queue, ordered[1], delivered[1])


def _reasons(boxes: Boxes, wanted: Wanted, booked: int, ordered: int, delivered: int) -> tuple[Reason, ...]:
    found = []
    if ordered > booked:
        found.append(Reason("box_filled", {"by": ordered - booked, "box": boxes.size or 0}))
    elif ordered < booked and boxes.ceiling is not None and boxes.ceiling < boxes.booked:
        found.append(Reason("scarce", {"by": ordered - booked, "available": boxes.ceiling}))
    elif ordered < booked:
        found.append(
            Reason(
                "box_not_filled", {"by": ordered - booked, "box": boxes.size or 0, "missing": boxes.missing}
            )
        )
    if delivered < ordered:
        found.append(
            Reason("supplier_short", {"by": delivered - ordered, "deliverable": wanted.deliverable or 0})
        )
    return tuple(found)


def _missed(
    queue: Sequence[_Place], ordered: Mapping[int, int], delivered: Mapping[int, int]
) -> list[_Place]:
    """What was ordered and does not come, each household once, in the order of the queue; nobody is missing a tolerance."""
    booked: dict[int, _Place] = {}
    for place in queue:
        booked.setdefault(place.basket, place)
    return [
        _Place(basket, place.group, ordered.get(basket, 0) - delivered.get(basket, 0))
        for basket, place in booked.items()
        if ordered.get(basket, 0) > delivered.get(basket, 0)
    ]


def _add_substitutes(
    wanted: Wanted, own: ProductAllotment, missed: Sequence[_Place]
) -> tuple[ProductAllotment, list[_Place]]:
    """The product with what comes in the place of the missing one, after its own bookings; and what still is missing."""
    total = sum(place.quantity for place in missed)
    if wanted.deliverable is not None:
        total = max(0, min(total, wanted.deliverable - own.total))
    groups, baskets = share_in_two_levels(total, missed)
    still = [
        _Place(place.basket, place.group, place.quantity - baskets.get(place.basket, 0))
        for place in missed
        if place.quantity > baskets.get(place.basket, 0)
    ]
    instead = wanted.in_place_of
    return (
        ProductAllotment(own.boxes, _add(own.groups, groups, instead), _add(own.baskets, baskets, instead)),
        still,
    )


def _add(own: Mapping[int, Share], more: Mapping[int, int], instead: int) -> dict[int, Share]:
    found = dict(own)
    for key, quantity in more.items():
        if quantity:
            before = found.get(key, Share(0))
            reason = Reason("in_place_of", {"by": quantity, "product": instead})
            found[key] = Share(before.quantity + quantity, (*before.reasons, reason))
    return dict(sorted(found.items()))
