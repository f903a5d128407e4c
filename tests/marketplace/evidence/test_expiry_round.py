"""The worker's warnings: on the right days of Rome, once, to owners, and not where it was renewed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.evidence.expiry_round import warn_of_expiry
from marketplace.evidence.letters import claim_refused
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.preference_operations import stop_kind
from marketplace.organisations.evidence_models import ExpiryNotice
from marketplace.organisations.models import Status
from search.judging import rome_day
from tests.factories import make_claim, make_organisation
from tests.support.mails import mails


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("expires", [date(2027, 4, 10), date(2027, 11, 20), date(2028, 2, 29)])
def test_hour_by_hour_over_the_change_of_clocks_each_warning_goes_out_once(session, people, farm, expires):
    make_claim(session, farm, expires=expires)
    session.commit()
    start = datetime(expires.year, expires.month, expires.day, tzinfo=UTC) - timedelta(days=62)
    told = []
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(64 * 4):
            if warn_of_expiry(session, utc_now()):
                told.append((expires - rome_day(utc_now())).days)
            clock.shift(timedelta(hours=6))
    assert told == [60, 30, 7]
    assert [mail["to"] for mail in mails(session)] == [people.persons["owner"].email] * 3


def test_midnight_is_romes(session, people, farm):
    make_claim(session, farm, expires=date(2027, 9, 30))
    session.commit()
    assert warn_of_expiry(session, datetime(2027, 7, 31, 21, 59, tzinfo=UTC)) == 0
    assert warn_of_expiry(session, datetime(2027, 7, 31, 22, 0, tzinfo=UTC)) == 1


def test_one_mail_tells_of_all_that_is_due(session, people, farm):
    now = datetime(2027, 6, 1, 8, tzinfo=UTC)
    make_claim(session, farm, expires=date(2027, 6, 20))
    make_claim(session, farm, criterion="typicality", expires=date(2027, 6, 5))
    session.commit()
    assert warn_of_expiry(session, now) == 2
    (mail,) = mails(session)
    assert "20 giugno 2027" in mail["text"]
    assert "5 giugno 2027" in mail["text"]
    assert sorted(session.scalars(sa.select(ExpiryNotice.days_before))) == [7, 30]


def test_warnings_can_be_stopped_and_what_was_decided_cannot(session, people, farm):
    now, owner = datetime(2027, 6, 1, 8, tzinfo=UTC), people.persons["owner"]
    claim = make_claim(session, farm, expires=date(2027, 6, 20))
    stop_kind(session, owner, MailKind.REMINDERS, now=now)
    warn_of_expiry(session, now)
    assert mails(session) == []
    claim_refused(session, claim, engines.criteria()[claim.criterion], "Il numero non c'è.", now)
    session.commit()
    (mail,) = mails(session)
    assert (mail["to"], mail["unsubscribe"]) == (owner.email, None)
    assert "Il numero non c'è." in mail["text"]


def test_what_is_renewed_expired_or_not_in_the_house_is_left_alone(session, people, farm):
    now = datetime(2027, 6, 1, 8, tzinfo=UTC)
    make_claim(session, farm, expires=date(2027, 6, 20))
    make_claim(session, farm, expires=date(2028, 6, 20))
    make_claim(session, farm, criterion="typicality", expires=date(2027, 5, 31))
    make_claim(session, make_organisation(session, status=Status.SUSPENDED), expires=date(2027, 6, 20))
    session.commit()
    assert warn_of_expiry(session, now) == 0


def test_a_new_expiry_is_warned_of_anew(session, people, farm):
    claim = make_claim(session, farm, expires=date(2027, 6, 20))
    session.commit()
    assert warn_of_expiry(session, datetime(2027, 6, 1, 8, tzinfo=UTC)) == 1
    claim.expires = date(2028, 6, 20)
    session.commit()
    assert warn_of_expiry(session, datetime(2027, 6, 1, 9, tzinfo=UTC)) == 0
    assert warn_of_expiry(session, datetime(2028, 6, 1, 8, tzinfo=UTC)) == 1
