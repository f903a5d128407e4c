"""Alerts of new demands: to whom they matter, when they asked, once, and never again after one click."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.areas import Place
from geo.points import Point
from marketplace import engines
from marketplace.matches.alert_operations import set_alert, stop_token
from marketplace.matches.alert_round import tell_of_demands
from marketplace.matches.alerting import ROME, is_due, is_wanted, last_digest_hour
from marketplace.matches.models import DemandAlert, Frequency
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.preference_operations import stop_kind
from marketplace.organisations.models import MemberRole
from marketplace.outbox import announce_demand
from search.demand import Demand, Lot
from tests.factories import (
    NOW,
    make_area,
    make_demand,
    make_lot,
    make_membership,
    make_offer,
    make_organisation,
)
from tests.marketplace.accounts.people import make_person
from tests.support.mails import mails

#: Two years, with both changes of the clock in each.
MOMENTS = st.integers(0, 2 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@pytest.fixture
def maker(session):
    """A member of a dairy that delivers in Bergamo, and the dairy."""
    dairy = make_organisation(session)
    make_area(session, dairy)
    make_offer(session, dairy, category="food.dairy")
    person = make_person(session)
    make_membership(session, person, dairy, MemberRole.MEMBER)
    return person, dairy


def ask_for(session, maker, frequency, categories=(), within_m=None) -> DemandAlert:
    person, dairy = maker
    return set_alert(
        session, person, dairy, frequency=frequency, categories=categories, within_m=within_m, now=NOW
    )


def post(session, category="food.dairy", **changes):
    demand = make_demand(session, make_organisation(session), lots=(make_lot(category=category),), **changes)
    announce_demand(session, demand.id, NOW)
    session.commit()
    return demand


def test_who_asked_for_it_at_once_is_told_at_once_and_once(session, maker):
    ask_for(session, maker, Frequency.AT_ONCE)
    demand = post(session, title="Formaggi per la festa")
    tell_of_demands(session, NOW)
    tell_of_demands(session, NOW + timedelta(days=8))
    (mail,) = mails(session)
    assert mail["to"] == maker[0].email
    assert "Formaggi per la festa" in mail["text"]
    assert f"/demands/{demand.id}" in mail["text"]
    assert "/alerts/stop/" in mail["text"]
    assert "/unsubscribe/" in mail["unsubscribe"]


@pytest.mark.parametrize(
    "frequency, changes",
    [
        (Frequency.NEVER, {}),
        (Frequency.AT_ONCE, {"category": "cleaning"}),
        (Frequency.AT_ONCE, {"withdrawn_at": NOW - timedelta(hours=1)}),
        (Frequency.AT_ONCE, {"required": [{"criterion": "organic", "proofs": ["certified"]}]}),
    ],
)
def test_nobody_is_told_more_than_they_asked_for(session, maker, frequency, changes):
    ask_for(session, maker, frequency)
    post(session, **changes)
    tell_of_demands(session, NOW)
    assert mails(session) == []


def test_a_demand_that_cannot_be_read_holds_up_no_other(session, maker):
    ask_for(session, maker, Frequency.AT_ONCE)
    post(session, category="no.such.category")
    post(session)
    tell_of_demands(session, NOW)
    assert len(mails(session)) == 1


def test_the_filters_of_an_alert_hold(session, maker):
    ask_for(session, maker, Frequency.AT_ONCE, categories=["cleaning"])
    post(session)
    tell_of_demands(session, NOW)
    assert mails(session) == []


def test_a_digest_gathers_what_came_since_the_last(session, maker):
    alert = ask_for(session, maker, Frequency.DAILY)
    alert.last_sent_at = NOW
    post(session)
    post(session)
    tell_of_demands(session, NOW + timedelta(minutes=1))
    assert mails(session) == []
    tell_of_demands(session, NOW + timedelta(days=1))
    assert len(mails(session)) == 1


def test_who_stopped_mails_of_this_kind_gets_none_and_keeps_the_page(session, maker):
    ask_for(session, maker, Frequency.AT_ONCE)
    stop_kind(session, maker[0], MailKind.DEMAND_ALERTS, now=NOW)
    post(session)
    tell_of_demands(session, NOW)
    assert mails(session) == []


def test_who_has_left_the_organisation_hears_no_more(session, maker):
    ask_for(session, maker, Frequency.AT_ONCE)
    dairy = maker[1]
    dairy.memberships.clear()
    session.commit()
    post(session)
    tell_of_demands(session, NOW)
    assert mails(session) == []


def test_opening_the_link_changes_nothing_and_posting_to_it_stops_the_mails(client, session, app, maker):
    alert = ask_for(session, maker, Frequency.AT_ONCE)
    with app.app_context():
        token = stop_token(alert.id)
    assert client.get(f"/alerts/stop/{token}").status_code == 200
    session.refresh(alert)
    assert alert.frequency == Frequency.AT_ONCE
    # as a mail program does it, without a session (RFC 8058)
    assert client.post(f"/alerts/stop/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.refresh(alert)
    assert alert.frequency == Frequency.NEVER


def test_a_link_that_we_did_not_make_leads_nowhere(client):
    assert client.post("/alerts/stop/MQ.forged").status_code == 404


@given(now=MOMENTS, frequency=st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]))
def test_a_digest_goes_out_at_the_same_wall_time_all_year(now, frequency):
    due = last_digest_hour(frequency, now)
    local = due.astimezone(ROME)
    assert due <= now
    assert (local.hour, local.minute) == (7, 0)
    longest = timedelta(days=1 if frequency == Frequency.DAILY else 7, hours=1)
    assert now - due <= longest
    if frequency == Frequency.WEEKLY:
        assert local.weekday() == 0


@given(now=MOMENTS)
def test_a_digest_that_went_out_is_not_due_again_before_the_next_hour(now):
    assert not is_due(Frequency.DAILY, now, now)
    assert is_due(Frequency.DAILY, now, now + timedelta(days=1, hours=1))


def test_a_demand_by_cpv_is_in_the_categories_that_answer_to_it(app_context):
    tree = engines.categories()
    apples = Demand(place=Place(Point(45.7, 9.7)), lots=(Lot(cpv="03222321"),))
    assert is_wanted(apples, 3.0, categories=["food"], within_km=5, tree=tree)
    assert not is_wanted(apples, 3.0, categories=["food"], within_km=2, tree=tree)
    assert not is_wanted(apples, 3.0, categories=["cleaning"], within_km=None, tree=tree)
