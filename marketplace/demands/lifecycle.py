"""What state a demand is in, from its moments alone: no job has to run for "closed" to be true."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """In the order in which time leads through them."""

    DRAFT = "draft"
    OPEN = "open"
    QUESTIONS_CLOSED = "questions_closed"
    CLOSED = "closed"
    OUTCOME_RECORDED = "outcome_recorded"
    WITHOUT_OUTCOME = "without_outcome"
    WITHDRAWN = "withdrawn"

    @property
    def takes_answers(self) -> bool:
        return self in (State.OPEN, State.QUESTIONS_CLOSED)

    @property
    def takes_questions(self) -> bool:
        return self is State.OPEN

    @property
    def is_public(self) -> bool:
        return self not in (State.DRAFT, State.WITHDRAWN)


class Moments(Protocol):
    published_at: datetime | None
    questions_until: datetime | None
    closes_at: datetime | None
    withdrawn_at: datetime | None


class Recorded(Protocol):
    """What its buyer wrote of how it ended (marketplace.choosing.models.Outcome): "awarded", or "none"."""

    kind: str
    recorded_at: datetime


def state(demand: Moments, now: datetime, outcome: Recorded | None = None) -> State:
    """The state at ``now``. At the very instant of a deadline it has passed; a millisecond before it has not.

    An outcome may be recorded before the deadline, by a group that has found what it needed: it ends the demand.
    """
    if demand.withdrawn_at is not None and demand.withdrawn_at <= now:
        return State.WITHDRAWN
    if demand.published_at is None or demand.published_at > now:
        return State.DRAFT
    if outcome is not None and outcome.recorded_at <= now:
        return State.OUTCOME_RECORDED if outcome.kind == "awarded" else State.WITHOUT_OUTCOME
    if demand.closes_at is not None and demand.closes_at <= now:
        return State.CLOSED
    if demand.questions_until is not None and demand.questions_until <= now:
        return State.QUESTIONS_CLOSED
    return State.OPEN
