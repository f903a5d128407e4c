"""Sending the mails of the outbox: once, as far as mail servers allow, and again later where they refuse.

A mail is taken for a while before it is sent and deleted after. Should the worker end in between, another
takes it when the while is over; it carries the same Message-ID, by which the receiver knows it.
"""

import logging
import smtplib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.clock import utc_now
from marketplace.db import writing
from marketplace.mail import deliver
from marketplace.outbox import OutboxEntry, Topic

log = logging.getLogger(__name__)

#: How long a mail belongs to who took it; longer than any mail server may hang.
TAKEN_FOR = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
#: About three days.
MAX_ATTEMPTS = 80


def send_next(session: Session, now: datetime) -> bool:
    """Send the mail that is due for longest, if there is any; whether there was."""
    entry = _take(session, now)
    if entry is None:
        return False
    try:
        deliver(entry.payload)
    except (OSError, ValueError) as problem:
        _put_off(session, entry, problem, utc_now())
    else:
        with writing():
            session.delete(entry)
            session.commit()
    return True


def _take(session: Session, now: datetime) -> OutboxEntry | None:
    due = (
        sa.select(OutboxEntry)
        .where(
            OutboxEntry.topic == Topic.MAIL,
            OutboxEntry.not_before <= now,
            OutboxEntry.attempts < MAX_ATTEMPTS,
        )
        .order_by(OutboxEntry.not_before, OutboxEntry.id)
        .limit(1)
    )
    # only looked at first: the write lock is for when there is something to send
    if session.scalar(due.with_only_columns(OutboxEntry.id)) is None:
        session.rollback()
        return None
    session.rollback()
    with writing():
        entry = session.scalar(due.with_for_update(skip_locked=True))
        if entry is None:
            session.rollback()
            return None
        entry.attempts += 1
        entry.not_before = now + TAKEN_FOR
        session.commit()
        session.refresh(entry)
        session.expunge(entry)
        session.rollback()
    return entry


def _put_off(session: Session, entry: OutboxEntry, problem: Exception, now: datetime) -> None:
    for_good = isinstance(problem, smtplib.SMTPRecipientsRefused | ValueError)
    wait = min(FIRST_WAIT * 2 ** min(entry.attempts - 1, 20), LONGEST_WAIT)
    # the text of a problem may name the address: only its kind is kept and logged
    kind = type(problem).__name__
    log.warning("Mail %d was not sent (%s)%s", entry.id, kind, "" if for_good else f", again in {wait}")
    with writing():
        session.execute(
            sa.update(OutboxEntry)
            .where(OutboxEntry.id == entry.id)
            .values(
                not_before=now + wait,
                last_error=kind,
                attempts=MAX_ATTEMPTS if for_good else OutboxEntry.attempts,
            )
        )
        session.commit()
