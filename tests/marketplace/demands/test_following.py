"""Somebody follows a request: told of what is made clear, of its closing and its outcome, until they say stop."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.accounts.operations import erase_account
from marketplace.accounts.queries import own_data
from marketplace.choosing.models import Outcome, OutcomeKind
from marketplace.choosing.outcome_operations import record_outcome
from marketplace.choosing.outcome_values import OutcomeValues
from marketplace.demands.clarify_operations import clarify_demand
from marketplace.demands.closing_round import tell_of_closings
from marketplace.demands.following import follow_demand, followed_by, stop_following, stop_token
from marketplace.demands.following_models import DemandFollower
from marketplace.demands.operations import withdraw_demand
from marketplace.errors import Conflict, NotFound
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.preference_operations import stop_kind
from marketplace.organisations.models import Status
from tests.answer_factories import make_question
from tests.factories import NOW, make_demand, make_membership, make_organisation, make_user
from tests.support.mails import mails
from tests.support.people import browser_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def group(session):
    return make_organisation(session, kinds=("purchasing_group",))


@pytest.fixture
def referente(session, group):
    person = make_user(session)
    make_membership(session, person, group)
    return person


@pytest.fixture
def demand(session, group):
    return make_demand(session, group, title="Arance", closes_at=NOW + DAY)


@pytest.fixture
def follower(app, session, demand):
    person = make_user(session)
    with app.test_request_context():
        follow_demand(session, person, demand.id, now=NOW)
        yield person


def told(session):
    return sorted((mail["to"], mail["subject"].split(":")[0]) for mail in mails(session))


def clarify(session, referente, demand):
    clarify_demand(
        session, referente, demand, text="Di sabato", questions_until=None, closes_at=None, now=NOW
    )


def end(session, referente, demand, now):
    values = OutcomeValues(OutcomeKind.NONE, reason="Troppo poche famiglie.")
    return record_outcome(session, referente, demand, values, {}, now=now)


def test_a_follower_hears_of_changes_closing_and_outcome_once_each(session, referente, demand, follower):
    clarify(session, referente, demand)
    for hours in (23, 24, 25):
        tell_of_closings(session, NOW + hours * HOUR)
    end(session, referente, demand, NOW + 2 * DAY)
    end(session, referente, demand, NOW + 3 * DAY)
    to = [mail["to"] for mail in mails(session)]
    assert to == [follower.email] * 3
    assert ["Arance" in mail["subject"] for mail in mails(session)] == [True] * 3
    assert all("/demands/followed/stop/" in mail["text"] for mail in mails(session))
    assert all(mail["unsubscribe"] for mail in mails(session))


def test_who_asked_and_follows_gets_one_mail(session, referente, demand, follower):
    supplier = make_organisation(session)
    make_membership(session, follower, supplier)
    make_question(session, demand, supplier)
    clarify(session, referente, demand)
    withdraw_demand(session, referente, demand, now=NOW)
    assert [mail["to"] for mail in mails(session)] == [follower.email] * 2


def test_who_stops_or_wants_no_such_mails_hears_nothing(session, referente, demand, follower):
    other = make_user(session)
    follow_demand(session, other, demand.id, now=NOW)
    stop_kind(session, other, MailKind.FOLLOWED, now=NOW)
    stop_following(session, follower, demand.id, now=NOW)
    stop_following(session, follower, demand.id, now=NOW)
    clarify(session, referente, demand)
    tell_of_closings(session, NOW + DAY)
    assert mails(session) == []


def test_of_a_closing_nobody_hears_late_or_of_what_is_not_public_any_more(
    session, group, referente, demand, follower
):
    late = make_user(session)
    follow_demand(session, late, demand.id, now=NOW + DAY)
    group.status = Status.SUSPENDED
    session.commit()
    assert tell_of_closings(session, NOW + DAY) == 0
    group.status = Status.ACTIVE
    session.commit()
    assert tell_of_closings(session, NOW + DAY) == 1
    assert [mail["to"] for mail in mails(session)] == [follower.email]


def test_what_ended_or_may_not_be_read_is_not_followed(session, group, referente, demand, follower):
    other = make_user(session)
    session.add(Outcome(demand_id=demand.id, kind="none", reason="x", recorded_at=NOW))
    session.flush()
    with pytest.raises(Conflict):
        follow_demand(session, other, demand.id, now=NOW)
    hidden = make_demand(session, group, withdrawn_at=NOW)
    with pytest.raises(NotFound):
        follow_demand(session, other, hidden.id, now=NOW)


def test_it_is_exported_and_erased_with_the_person(session, demand, follower):
    follow_demand(session, follower, demand.id, now=NOW)
    assert [one["id"] for one in own_data(session, follower)["followed_requests"]] == [demand.id]
    erase_account(session, follower, NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(DemandFollower)) == 0


def test_a_button_follows_and_a_button_stops_on_the_page_in_the_list_and_from_the_mail(app, session, demand):
    person = make_user(session)
    session.commit()
    page = f"/demands/{demand.id}"
    with time_machine.travel(NOW, tick=False):
        browser = browser_of(app, person)
        assert app.test_client().post(f"{page}/follow").status_code == 302
        assert followed_by(session, person.id) == []
        assert f'action="{page}/follow"' in browser.get(page).text
        for _ in range(2):
            browser.post(f"{page}/follow")
        assert f'action="{page}/unfollow"' in browser.get(page).text
        assert f'action="{page}/unfollow"' in browser.get("/notices").text
        browser.post(f"{page}/unfollow")
        assert "Arance" not in browser.get("/notices").text
        browser.post(f"{page}/follow")
        with app.test_request_context():
            link = f"/demands/followed/stop/{stop_token(person.id, demand.id)}"
        anybody = app.test_client()
        assert anybody.get(link).status_code == 200
        session.expire_all()
        assert len(followed_by(session, person.id)) == 1
        assert anybody.post(link).status_code == 200
        session.expire_all()
        assert followed_by(session, person.id) == []
        assert anybody.get("/demands/followed/stop/forged").status_code == 404
