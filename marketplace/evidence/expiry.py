"""When an organisation is warned that its evidence is about to expire. Pure: ``today`` is a day in Europe/Rome."""

from collections.abc import Collection
from datetime import date

#: Days before the last valid day.
WARNINGS = (60, 30, 7)


def due_notice(expires: date, today: date, sent: Collection[int]) -> int | None:
    """Which of :data:`WARNINGS` is to be sent today, where any is.

    The nearest one that has been reached: whoever enters a certificate that is valid for 20 days more, or
    comes back after the worker stood still for a month, hears once and not twice.
    """
    left = (expires - today).days
    if left < 0:
        return None
    reached = [days for days in WARNINGS if left <= days]
    if not reached or min(reached) in sent:
        return None
    return min(reached)
