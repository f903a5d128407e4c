"""How many whole boxes are ordered of what was booked, and what is missing to the next. All in thousandths."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of one product in one order.

    ``booked`` and ``tolerance`` are the sums over all households, ``ordered`` what is asked of the supplier, a whole
    number of boxes where there are any. ``remainder`` is what lies in the box that is begun, ``missing`` what this box
    lacks after all tolerances (0 where it is full, or where none is begun). ``ceiling`` is what there is at all.
    """

    size: int | None
    booked: int
    tolerance: int
    ordered: int
    remainder: int
    missing: int
    ceiling: int | None = None

    @property
    def count(self) -> int | None:
        """Whole boxes; ``None`` where the supplier sends any quantity."""
        return self.ordered // self.size if self.size else None

    @property
    def is_open(self) -> bool:
        """Whether a box is begun that nobody fills: what is in it will not be ordered."""
        return self.missing > 0


def fill_boxes(size: int | None, booked: int, tolerance: int, ceiling: int | None = None) -> Boxes:
    """Whole boxes of the sum, plus one where the remainder and the tolerances fill it; never above ``ceiling``.

    A tolerance alone begins no box: where the bookings fill theirs exactly, nobody is given more.
    """
    if not size:
        ordered = booked if ceiling is None else min(booked, ceiling)
        return Boxes(None, booked, tolerance, ordered, 0, 0, ceiling)
    full, remainder = divmod(booked, size)
    missing = max(0, size - remainder - tolerance) if remainder else 0
    count = full + (1 if remainder and not missing else 0)
    if ceiling is not None and count * size > ceiling:
        count = ceiling // size
    return Boxes(size, booked, tolerance, count * size, remainder, missing, ceiling)
