"""A shift is reminded of on the day before, once, also where clocks change in between."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.delivery.shift_round import remind_from, remind_of_shifts
from marketplace.orders.models import Shift
from tests.marketplace.delivery.house import EVENING
from tests.support.mails import mails


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        # clocks are put forward in the night of 28 March 2027, and back in that of 31 October
        (datetime(2027, 3, 28, 16, tzinfo=UTC), datetime(2027, 3, 27, 8, tzinfo=UTC)),
        (datetime(2027, 3, 29, 16, tzinfo=UTC), datetime(2027, 3, 28, 7, tzinfo=UTC)),
        (datetime(2026, 10, 25, 17, tzinfo=UTC), datetime(2026, 10, 24, 7, tzinfo=UTC)),
        (datetime(2026, 10, 26, 17, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        # half past midnight in Rome is still the evening before in UTC
        (datetime(2026, 11, 29, 23, 30, tzinfo=UTC), datetime(2026, 11, 29, 8, tzinfo=UTC)),
    ],
)
def test_the_day_before_is_a_day_of_the_calendar_in_rome(starts_at, expected):
    assert remind_from(starts_at) == expected


def test_whoever_is_on_shift_is_told_once_the_day_before(house, session):
    def told():
        return [mail["to"] for mail in mails(session) if "Sala" in mail["text"]]

    due = remind_from(EVENING)
    assert remind_of_shifts(session, due - timedelta(minutes=1)) == 0
    assert remind_of_shifts(session, due) == 1
    assert remind_of_shifts(session, due + timedelta(hours=5)) == 0
    assert told() == [house.people["Bianchi"].email]
    # somebody else takes it over on the last evening, and is told too
    session.scalar(sa.select(Shift)).household_id = house.households["Rossi"].id
    session.commit()
    assert remind_of_shifts(session, EVENING - timedelta(hours=1)) == 1
    assert remind_of_shifts(session, EVENING) == 0
    assert told() == [house.people["Bianchi"].email, house.people["Rossi"].email]
