"""The state of a demand follows from its moments, by one rule, to the millisecond."""

# ruff: noqa: DTZ001 - what a wall clock shows, and the bounds of hypothesis, have no time zone

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.demands.lifecycle import State, state

PUBLISHED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@dataclass
class Moments:
    published_at: datetime | None = PUBLISHED
    closes_at: datetime | None = CLOSES
    withdrawn_at: datetime | None = None
    questions_until: datetime | None = None


@dataclass
class Recorded:
    kind: str
    recorded_at: datetime


@pytest.mark.parametrize(
    "now, expected", [(CLOSES - MS, "open"), (CLOSES, "closed"), (CLOSES + MS, "closed")]
)
def test_at_its_deadline_a_demand_is_closed_and_a_millisecond_before_it_is_open(now, expected):
    assert state(Moments(), now) == expected


@pytest.mark.parametrize(
    "now, expected", [(PUBLISHED - MS, "draft"), (PUBLISHED, "open"), (PUBLISHED + MS, "open")]
)
def test_from_the_moment_of_its_publication_a_demand_is_open(now, expected):
    assert state(Moments(), now) == expected


@pytest.mark.parametrize("offset, expected", [(-MS, "open"), (0 * MS, "withdrawn"), (MS, "withdrawn")])
def test_from_the_moment_of_its_withdrawal_a_demand_is_withdrawn(offset, expected):
    withdrawn = CLOSES - timedelta(days=3)
    assert state(Moments(withdrawn_at=withdrawn), withdrawn + offset) == expected


def test_without_a_publication_it_is_a_draft_and_without_a_deadline_it_stays_open():
    assert state(Moments(published_at=None), CLOSES) == State.DRAFT
    assert state(Moments(closes_at=None), CLOSES + timedelta(days=9000)) == State.OPEN


@pytest.mark.parametrize(
    "offset, expected", [(-MS, "open"), (0 * MS, "questions_closed"), (MS, "questions_closed")]
)
def test_questions_close_before_answers_do(offset, expected):
    questions = CLOSES - timedelta(days=7)
    assert state(Moments(questions_until=questions), questions + offset) == expected


@pytest.mark.parametrize(
    "kind, ended", [("awarded", State.OUTCOME_RECORDED), ("none", State.WITHOUT_OUTCOME)]
)
def test_from_the_moment_that_its_outcome_is_recorded_it_has_ended_also_before_its_deadline(kind, ended):
    recorded = CLOSES - timedelta(days=1)
    assert state(Moments(), recorded - MS, Recorded(kind, recorded)) == State.OPEN
    assert state(Moments(), recorded, Recorded(kind, recorded)) == ended
    assert state(Moments(), CLOSES, Recorded(kind, recorded)) == ended


outcomes = st.none() | st.builds(Recorded, st.sampled_from(["awarded", "none"]), moments)
demands = st.builds(Moments, *[st.none() | moments] * 4)


@settings(max_examples=50)
@given(demands, outcomes, moments, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_only_time_passing_leads_from_state_to_state_and_never_back(demand, outcome, now, later):
    order = list(State)
    assert order.index(state(demand, now, outcome)) <= order.index(state(demand, now + later, outcome))


@settings(max_examples=50)
@given(demands, outcomes, moments, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_the_state_changes_at_its_moments_only(demand, outcome, now, later):
    changes = [*vars(demand).values(), outcome.recorded_at if outcome else None]
    if not any(moment is not None and now < moment <= now + later for moment in changes):
        assert state(demand, now, outcome) == state(demand, now + later, outcome)


@settings(max_examples=50)
@given(demands, outcomes, moments)
def test_what_may_be_asked_and_answered_is_public_and_questions_end_with_answers(demand, outcome, now):
    where = state(demand, now, outcome)
    assert not where.takes_answers or where.is_public
    assert not where.takes_questions or where.takes_answers
    if where.takes_answers:
        assert demand.closes_at is None or now < demand.closes_at
