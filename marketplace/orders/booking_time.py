"""From when what a household wants counts: a later rise from its own time, and what is taken back goes last in, first out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a booking counts from ``at``. Thousandths of the unit."""

    quantity: int
    at: datetime


def parts_of(changes: Iterable[tuple[datetime, int]]) -> tuple[Part, ...]:
    """The parts of a booking from its history: pairs of when it was changed and the quantity after that, in order.

    Raising adds a part from that moment; lowering takes the newest parts away first, so that whoever asks for less and
    then again for more has lost the place only of the difference. The quantities add up to the last one.
    """
    parts: list[Part] = []
    total = 0
    for at, quantity in changes:
        if quantity > total:
            parts.append(Part(quantity - total, at))
        surplus = total - quantity
        while surplus > 0:
            newest = parts.pop()
            if newest.quantity > surplus:
                parts.append(Part(newest.quantity - surplus, newest.at))
            surplus -= newest.quantity
        total = quantity
    return tuple(parts)
