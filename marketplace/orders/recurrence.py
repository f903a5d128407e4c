"""Cycles that come back: every n weeks, at the same time on the wall clock of Rome whatever clocks do in between.

A pattern says for each moment of a cycle how many days before (negative) or after the delivery day it lies and at
what time: ``{"closes_at": {"days": -3, "time": "22:00"}, ...}``.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from marketplace.rome_time import ROME, HourTwice, NoSuchHour, from_rome

#: How long before a cycle opens its draft lies ready to be confirmed.
DRAFT_AHEAD = timedelta(days=7)
#: The moments that a pattern may name.
MOMENTS = ("opens_at", "closes_at", "completion_until", "delivery_from", "delivery_until")

MAX_WEEKS = 52


def wall_moment(day: date, hour: time) -> datetime:
    """When clocks in Rome show this, in UTC.

    On the night when clocks are put forward an hour that does not exist becomes the one that they show instead
    (02:30 is 03:30); when they are put back and an hour comes twice, the first is meant. A recurring order cannot
    ask somebody at that moment, so this is the stated choice; the draft that is made of it is confirmed by a person.
    """
    wall = datetime.combine(day, hour)
    try:
        return from_rome(wall)
    except (NoSuchHour, HourTwice):
        return wall.replace(tzinfo=ROME, fold=0).astimezone(UTC)


def occurrences(starts_on: date, every_weeks: int, after: date | None = None) -> Iterator[date]:
    """Delivery days from ``starts_on``, every so many weeks, those after ``after`` only; without end."""
    if not 1 <= every_weeks <= MAX_WEEKS:
        raise ValueError(every_weeks)
    step = timedelta(weeks=every_weeks)
    day = starts_on
    if after is not None and after >= starts_on:
        day = starts_on + ((after - starts_on) // step + 1) * step
    while True:
        yield day
        day += step


def moments_for(day: date, pattern: Mapping[str, Mapping]) -> dict[str, datetime]:
    """The moments of the cycle that is delivered on ``day``."""
    return {
        name: wall_moment(day + timedelta(days=rule["days"]), time.fromisoformat(rule["time"]))
        for name, rule in pattern.items()
        if name in MOMENTS
    }


def pattern_of(day: date, moments: Mapping[str, datetime | None]) -> dict[str, dict]:
    """The pattern by which a cycle delivered on ``day`` comes back: the inverse of :func:`moments_for`."""
    found = {}
    for name in MOMENTS:
        if (moment := moments.get(name)) is not None:
            wall = moment.astimezone(ROME)
            found[name] = {"days": (wall.date() - day).days, "time": wall.strftime("%H:%M")}
    return found


def due(
    starts_on: date, every_weeks: int, pattern: Mapping[str, Mapping], made_for: date | None, now: datetime
) -> date | None:
    """The delivery day whose draft is to be made now, or ``None``; days that can no longer be booked are passed over."""
    for day in occurrences(starts_on, every_weeks, made_for):
        moments = moments_for(day, pattern)
        if moments["opens_at"] - DRAFT_AHEAD > now:
            return None
        if moments["closes_at"] > now:
            return day
    return None
