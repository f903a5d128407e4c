"""Whether the quantities of an offer can be ordered at all: what must fit together, as a pure function.

A household books at least ``minimum``, in steps of ``multiple``, at most ``maximum_per_member``; a supplier
sends whole boxes. All in thousandths of the unit; what is ``None`` or 0 binds nobody.
"""

from dataclasses import dataclass
from enum import StrEnum


class Clash(StrEnum):
    MINIMUM_NOT_IN_STEPS = "minimum_not_in_steps"
    BOX_NOT_IN_STEPS = "box_not_in_steps"
    MAXIMUM_BELOW_MINIMUM = "maximum_below_minimum"
    MAXIMUM_BELOW_STEP = "maximum_below_step"
    LESS_THAN_THE_MINIMUM = "less_than_the_minimum"
    CAPACITY_WITHOUT_PERIOD = "capacity_without_period"


@dataclass(frozen=True, slots=True)
class QuantityProblem:
    """What clashes, and the field beside which it is said."""

    field: str
    clash: Clash


def quantity_problems(
    *,
    box_size: int | None = None,
    minimum: int | None = None,
    multiple: int | None = None,
    maximum_per_member: int | None = None,
    available: int | None = None,
    capacity: int | None = None,
    capacity_period: str | None = None,
) -> tuple[QuantityProblem, ...]:
    """Everything that does not fit, in the order of the form; empty where something can be ordered."""
    found = []
    if minimum and multiple and minimum % multiple:
        found.append(QuantityProblem("minimum", Clash.MINIMUM_NOT_IN_STEPS))
    if box_size and multiple and box_size % multiple:
        # whole steps never fill such a box
        found.append(QuantityProblem("box_size", Clash.BOX_NOT_IN_STEPS))
    if maximum_per_member is not None:
        if minimum and maximum_per_member < minimum:
            found.append(QuantityProblem("maximum_per_member", Clash.MAXIMUM_BELOW_MINIMUM))
        elif multiple and maximum_per_member < multiple:
            found.append(QuantityProblem("maximum_per_member", Clash.MAXIMUM_BELOW_STEP))
    # nothing left is "sold out", which is something to say
    if available and minimum and available < minimum:
        found.append(QuantityProblem("available", Clash.LESS_THAN_THE_MINIMUM))
    if capacity is not None and not capacity_period:
        found.append(QuantityProblem("capacity_period", Clash.CAPACITY_WITHOUT_PERIOD))
    return tuple(found)
