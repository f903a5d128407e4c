"""State from moments; one rule for every instant (ordeal 39)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.orders.booking_models import Phase
from marketplace.orders.lifecycle import (
    State,
    last_moment,
    moments_in_order,
    phase_for_household,
    phase_for_referente,
    state,
)

OPENS = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 26, 21, 0, tzinfo=UTC)
UNTIL = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cycle:
    opens_at: datetime = OPENS
    closes_at: datetime = CLOSES
    completion_until: datetime | None = UNTIL
    confirmed_at: datetime | None = OPENS - timedelta(days=1)
    fixed_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    settled_at: datetime | None = None
    cancelled_at: datetime | None = None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - INSTANT, State.PLANNED),
        (OPENS, State.OPEN),
        (CLOSES - INSTANT, State.OPEN),
        (CLOSES, State.COMPLETION),
        (CLOSES + INSTANT, State.COMPLETION),
        (UNTIL - INSTANT, State.COMPLETION),
        (UNTIL, State.CLOSED),
    ],
)
def test_a_moment_belongs_to_what_begins_with_it(now, expected):
    assert state(Cycle(), now) is expected


def test_without_a_completion_the_closing_is_the_end():
    cycle = Cycle(completion_until=None)
    assert state(cycle, CLOSES) is State.CLOSED
    assert last_moment(cycle) == CLOSES
    assert last_moment(Cycle()) == UNTIL


def test_what_is_not_confirmed_is_a_draft_whatever_the_clock_says():
    assert state(Cycle(confirmed_at=None), UNTIL + timedelta(days=9)) is State.DRAFT


def test_what_has_happened_goes_before_the_clock():
    cycle = Cycle(fixed_at=CLOSES)
    assert state(cycle, OPENS) is State.CLOSED
    for name, expected in [
        ("sent_at", State.SENT),
        ("delivered_at", State.DELIVERED),
        ("settled_at", State.SETTLED),
        ("cancelled_at", State.CANCELLED),
    ]:
        cycle = replace(cycle, **{name: UNTIL})
        assert state(cycle, OPENS) is expected


def test_a_household_changes_until_the_end_and_a_referente_until_the_order_is_sent():
    assert phase_for_household(Cycle(), OPENS) is Phase.OPEN
    assert phase_for_household(Cycle(), CLOSES) is Phase.COMPLETION
    assert phase_for_household(Cycle(), UNTIL) is None
    assert phase_for_referente(Cycle(), UNTIL) is Phase.AFTER
    assert phase_for_referente(Cycle(fixed_at=UNTIL), UNTIL) is Phase.AFTER
    assert phase_for_referente(Cycle(fixed_at=UNTIL, sent_at=UNTIL), UNTIL) is None
    assert phase_for_referente(Cycle(settled_at=UNTIL), UNTIL) is None
    assert phase_for_referente(Cycle(confirmed_at=None), OPENS) is None


def test_moments_follow_each_other():
    assert moments_in_order(Cycle(), UNTIL, UNTIL + timedelta(hours=2)) is None
    assert moments_in_order(Cycle(closes_at=OPENS), None, None) == "closes_at"
    assert moments_in_order(Cycle(completion_until=CLOSES), None, None) == "completion_until"
    assert moments_in_order(Cycle(), CLOSES, None) == "delivery_from"
    assert moments_in_order(Cycle(), UNTIL, UNTIL) == "delivery_until"
    assert moments_in_order(Cycle(), None, UNTIL) == "delivery_until"
