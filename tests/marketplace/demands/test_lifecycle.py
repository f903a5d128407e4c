"""The state of a demand follows from its moments, by one rule, to the millisecond."""

# ruff: noqa: DTZ001 - what a wall clock shows, and the bounds of hypothesis, have no time zone

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
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


@given(st.none() | moments, st.none() | moments, st.none() | moments, moments)
def test_only_time_passing_leads_from_state_to_state_and_never_back(published, closes, withdrawn, now):
    order = [State.DRAFT, State.OPEN, State.CLOSED, State.WITHDRAWN]
    demand = Moments(published, closes, withdrawn)
    later = now + timedelta(days=10)
    assert order.index(state(demand, now)) <= order.index(state(demand, later))
