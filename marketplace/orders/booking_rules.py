"""Whether a household may book so much: each refusal is a code with its numbers. All in thousandths of the unit."""

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.money import QUANTITY_UNITS
from marketplace.orders.reasons import Reason

#: Units that are not cut: of these one books whole numbers, unless the product's own step says otherwise.
WHOLE_UNITS = frozenset(
    {"piece", "pack", "jar", "bottle", "box", "bunch", "dozen", "meal", "ticket", "course"}
)

#: Nobody books more of anything (a million units): a slip of the finger, and the end of what totals hold.
LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Rule:
    """What binds the booking of one product; ``None`` binds nobody.

    ``minimum``, ``step`` and ``maximum_per_member`` bind one household, ``available`` and ``maximum`` the whole
    order. ``has_box``: the supplier sends whole boxes; only then is there anything for a tolerance to fill.
    """

    minimum: int | None = None
    step: int | None = None
    maximum_per_member: int | None = None
    available: int | None = None
    maximum: int | None = None
    has_box: bool = False

    @property
    def ceiling(self) -> int | None:
        """At most so much in the whole order."""
        return min((limit for limit in (self.available, self.maximum) if limit is not None), default=None)


def step_of(unit: str, multiple: int | None, piece_weight: int | None = None) -> int | None:
    """The step in which a product is booked: its own, else whole numbers of what is not cut."""
    if multiple:
        return multiple
    return QUANTITY_UNITS if piece_weight or unit in WHOLE_UNITS else None


def refusals(
    rule: Rule, quantity: int, tolerance: int, *, before: int = 0, others: int = 0
) -> tuple[Reason, ...]:
    """Everything that speaks against booking ``quantity`` and up to ``tolerance`` more; empty where nothing does.

    ``before`` is what the household has booked so far, ``others`` what everybody else has. Taking less is never
    refused for want of stock, taking nothing never at all. A tolerance holds no stock: boxes are filled with it
    only as far as there is any.
    """
    if quantity == 0 and tolerance == 0:
        return ()
    return tuple(_refusals(rule, quantity, tolerance, before, others))


def _refusals(rule: Rule, quantity: int, tolerance: int, before: int, others: int) -> Iterator[Reason]:
    if quantity < 0 or tolerance < 0 or quantity + tolerance > LARGEST:
        yield Reason("too_much", {"maximum": LARGEST})
        return
    if quantity == 0:
        # who wants nothing cannot be given more than nothing
        yield Reason("only_tolerance", {})
        return
    if tolerance and not rule.has_box:
        yield Reason("no_box", {})
    if rule.minimum and quantity < rule.minimum:
        yield Reason("below_minimum", {"minimum": rule.minimum})
    if rule.step and (quantity % rule.step or tolerance % rule.step):
        yield Reason("not_in_steps", {"step": rule.step})
    if rule.maximum_per_member is not None and quantity + tolerance > rule.maximum_per_member:
        yield Reason("above_maximum", {"maximum": rule.maximum_per_member})
    if rule.ceiling is not None and quantity > before and quantity + others > rule.ceiling:
        left = max(rule.ceiling - others, before)
        yield Reason("sold_out" if left == 0 else "not_enough", {"left": left})


def helps_a_box(
    box_size: int | None, booked: int, tolerance: int, new_booked: int, new_tolerance: int
) -> bool:
    """Whether a change in the completion phase brings the open box nearer to full, and opens no further one.

    Totals of the whole order before and after the change. Nothing may be taken away; more may be booked or tolerated
    only as far as the box that is begun: beyond, somebody would open a box that nobody else can fill.
    """
    if not box_size or booked % box_size == 0:
        return False
    if new_booked < booked or new_booked + new_tolerance <= booked + tolerance:
        return False
    return new_booked <= -(-booked // box_size) * box_size
