"""What state a demand is in, from its moments alone: no job has to run for "closed" to be true."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Moments(Protocol):
    published_at: datetime | None
    closes_at: datetime | None
    withdrawn_at: datetime | None


def state(demand: Moments, now: datetime) -> State:
    """The state at ``now``. At the very instant of its deadline a demand is closed; a millisecond before it is open."""
    if demand.withdrawn_at is not None and demand.withdrawn_at <= now:
        return State.WITHDRAWN
    if demand.published_at is None or demand.published_at > now:
        return State.DRAFT
    if demand.closes_at is not None and demand.closes_at <= now:
        return State.CLOSED
    return State.OPEN
