"""When an offer counts as not up to date: nobody has said for a long time that it still holds."""

from datetime import datetime, timedelta

#: After so long without a word of its editors.
STALE_AFTER = timedelta(days=180)


def stale_before(now: datetime) -> datetime:
    """Offers that were last confirmed before this moment are not up to date."""
    return now - STALE_AFTER


def is_stale(confirmed_at: datetime, now: datetime) -> bool:
    return confirmed_at < stale_before(now)
