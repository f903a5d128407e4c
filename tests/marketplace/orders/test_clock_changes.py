"""Orders across the nights in which clocks change: the same hour on the wall, the same words everywhere (ordeals 38 and 40)."""

import html
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.formats import moment
from marketplace.i18n import speaking
from marketplace.orders.booking_models import OrderNotice
from marketplace.orders.lifecycle import State, state
from marketplace.orders.telling_round import remind, tell_opened
from marketplace.organisations.models import Kind, MemberRole
from marketplace.rome_time import ROME
from tests.factories import make_cycle, make_household, make_membership, make_organisation, make_user
from tests.support.mails import mails
from tests.support.people import browser_of


@pytest.fixture
def open_until(session):
    """Opens an order a week before it closes; the order, and a member with a household."""

    def make(closes_at: datetime):
        group, member = make_organisation(session, kinds=(Kind.BUYING_GROUP,)), make_user(session)
        make_membership(session, member, group, MemberRole.EDITOR)
        make_household(session, group, member)
        cycle = make_cycle(session, group, opens_at=closes_at - timedelta(days=7), closes_at=closes_at)
        session.commit()
        return cycle, member

    return make


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "day", [datetime(2026, 10, 25, 22, tzinfo=ROME), datetime(2027, 3, 28, 22, tzinfo=ROME)]
)
def test_a_reminder_comes_once_at_the_same_hour_the_day_before_though_clocks_change(session, open_until, day):
    closes_at = day.astimezone(UTC)
    cycle, _member = open_until(closes_at)
    tell_opened(session, cycle.opens_at)
    told, now = [], closes_at - timedelta(hours=30)
    while now < closes_at + timedelta(hours=3):
        if remind(session, now):
            told.append(now.astimezone(ROME).strftime("%a %H:%M"))
        # true by the clock, whether or not anything ran
        assert (state(cycle, now) is State.OPEN) == (now < closes_at)
        now += timedelta(minutes=30)
    assert told == ["Sat 22:00"]
    assert session.scalar(sa.select(sa.func.count()).where(OrderNotice.kind == "reminder")) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_deadline_in_the_hour_that_comes_twice_is_the_same_everywhere(app, session, open_until):
    closes_at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    cycle, member = open_until(closes_at)
    with speaking("it"):
        said, short = moment(closes_at), moment(closes_at, "medium")
    assert "ora solare" in said
    tell_opened(session, cycle.opens_at)
    remind(session, closes_at - timedelta(hours=20))
    assert all(said in mail["text"] for mail in mails(session))
    assert len(mails(session)) == 2
    with time_machine.travel(closes_at - timedelta(milliseconds=1), tick=False):
        for path in (f"/orders/{cycle.id}", f"/orders/{cycle.id}/book", "/orders"):
            page = shown(app, member, path)
            assert said in page or short in page, path
            # nowhere without saying which
            assert page.count("02:30 (") == page.count("02:30"), path
    with time_machine.travel(closes_at, tick=False):
        assert said not in shown(app, member, f"/orders/{cycle.id}/book")


def shown(app, person, path: str) -> str:
    answer = browser_of(app, person).get(f"{path}?lang=it")
    assert answer.status_code == 200
    return html.unescape(answer.text)
