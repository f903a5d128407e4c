"""Lines of the card for public bodies that are about to expire: their owners hear 60, 30 and 7 days before."""

from datetime import UTC, date, datetime, timedelta

from marketplace.evidence.card_expiry_round import warn_of_card_expiry
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.preference_operations import stop_kind
from search.judging import rome_day
from tests.factories import make_membership, make_public_record, make_user
from tests.support.mails import mails


def test_day_by_day_each_warning_goes_out_once_to_the_owner(session, people, farm):
    expires = date(2027, 4, 10)
    make_public_record(session, farm, kind="durc", value="DURC 1", expires=expires)
    make_public_record(session, farm, kind="mepa")
    session.commit()
    told, now = [], datetime(2027, 2, 1, 8, tzinfo=UTC)
    for _ in range(75):
        if warn_of_card_expiry(session, now):
            told.append((expires - rome_day(now)).days)
        now += timedelta(days=1)
    assert told == [60, 30, 7]
    assert {mail["to"] for mail in mails(session)} == {people.persons["owner"].email}
    assert "DURC" in mails(session)[0]["text"]


def test_what_was_renewed_or_belongs_to_nobody_public_is_not_warned_of(session, people, farm):
    now = datetime(2027, 4, 1, 8, tzinfo=UTC)
    make_public_record(session, farm, kind="durc", expires=date(2027, 4, 10))
    make_public_record(session, farm, kind="durc", value="new", expires=date(2027, 8, 10))
    session.commit()
    assert warn_of_card_expiry(session, now) == 0
    make_public_record(session, farm, kind="white_list", expires=date(2027, 4, 10))
    farm.status = "suspended"
    session.commit()
    assert warn_of_card_expiry(session, now) == 0


def test_who_wants_no_reminders_is_not_warned_and_the_others_are(session, people, farm):
    now = datetime(2027, 4, 1, 8, tzinfo=UTC)
    make_public_record(session, farm, kind="durc", expires=date(2027, 4, 10))
    other = make_user(session)
    make_membership(session, other, farm)
    stop_kind(session, people.persons["owner"], MailKind.REMINDERS, now=now)
    assert warn_of_card_expiry(session, now) == 1
    assert [mail["to"] for mail in mails(session)] == [other.email]
    assert mails(session)[0]["unsubscribe"]
    # who takes it up again hears of what comes next, not of what went by
    assert warn_of_card_expiry(session, now) == 0
