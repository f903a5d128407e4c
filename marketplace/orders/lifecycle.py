"""In which state a cycle is: a pure function of its moments, so that no job is needed for "closed" to be true.

One rule for every instant: a moment belongs to what begins with it. At ``opens_at`` the cycle is open, at
``closes_at`` it is no longer; one microsecond before it still is.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from marketplace.orders.booking_models import Phase


class State(StrEnum):
    DRAFT = "draft"
    PLANNED = "planned"  # confirmed, and not open yet
    OPEN = "open"
    COMPLETION = "completion"  # only what helps an open box
    CLOSED = "closed"
    SENT = "sent"
    DELIVERED = "delivered"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class Moments(Protocol):
    """What the state follows from; :class:`marketplace.orders.models.OrderCycle` is one."""

    opens_at: datetime
    closes_at: datetime
    completion_until: datetime | None
    confirmed_at: datetime | None
    fixed_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    settled_at: datetime | None
    cancelled_at: datetime | None


#: States in which there is still something to do; a cycle in any other has come to its end.
UNDER_WAY = frozenset(State) - {State.SETTLED, State.CANCELLED}
#: Households may look at what they booked, and nobody takes bookings from them any more.
AFTER_CLOSING = frozenset({State.CLOSED, State.SENT, State.DELIVERED, State.SETTLED})


def state(cycle: Moments, now: datetime) -> State:
    if cycle.cancelled_at is not None:
        return State.CANCELLED
    if cycle.confirmed_at is None:
        return State.DRAFT
    for done, reached in (
        (cycle.settled_at, State.SETTLED),
        (cycle.delivered_at, State.DELIVERED),
        (cycle.sent_at, State.SENT),
        (cycle.fixed_at, State.CLOSED),
    ):
        if done is not None:
            return reached
    if now < cycle.opens_at:
        return State.PLANNED
    if now < cycle.closes_at:
        return State.OPEN
    if cycle.completion_until is not None and now < cycle.completion_until:
        return State.COMPLETION
    return State.CLOSED


def last_moment(cycle: Moments) -> datetime:
    """From when on nothing is taken from households: the end of the completion, or of the booking without one."""
    return max(cycle.closes_at, cycle.completion_until or cycle.closes_at)


def phase_for_household(cycle: Moments, now: datetime) -> Phase | None:
    """In which phase a household's own change falls; ``None`` where it comes too early or too late."""
    return {State.OPEN: Phase.OPEN, State.COMPLETION: Phase.COMPLETION}.get(state(cycle, now))


def phase_for_referente(cycle: Moments, now: datetime) -> Phase | None:
    """A referente also adds and moves lines between closing and sending; every such change is recorded as theirs.

    ``None`` before the opening and in a cancelled cycle, and once the order is with the supplier: from then on what
    really arrives is written down, and no booking changes any more.
    """
    if state(cycle, now) is State.CLOSED:
        return Phase.AFTER
    return phase_for_household(cycle, now)


def moments_in_order(
    cycle: Moments, delivery_from: datetime | None, delivery_until: datetime | None
) -> str | None:
    """The field of the first moment that comes before the one it must follow; ``None`` where all are in order."""
    if cycle.closes_at <= cycle.opens_at:
        return "closes_at"
    if cycle.completion_until is not None and cycle.completion_until <= cycle.closes_at:
        return "completion_until"
    if delivery_from is not None and delivery_from < last_moment(cycle):
        return "delivery_from"
    if delivery_until is not None and (delivery_from is None or delivery_until <= delivery_from):
        return "delivery_until"
    return None
