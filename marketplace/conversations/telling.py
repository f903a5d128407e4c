"""When somebody who has something to read is told by mail: a decision on plain values."""

from datetime import datetime, timedelta

#: Between two mails about the same conversation to the same person.
AT_MOST_EVERY = timedelta(hours=1)


def is_due(first_unread_at: datetime | None, last_told_at: datetime | None, now: datetime) -> bool:
    """One mail for all that is unread; after it has been read, the next one at the earliest an hour later."""
    if first_unread_at is None:
        return False
    if last_told_at is None:
        return True
    return last_told_at < first_unread_at and now - last_told_at >= AT_MOST_EVERY
