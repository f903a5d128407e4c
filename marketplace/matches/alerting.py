"""What an alert wants to hear of, and when a digest is due: decisions on plain values."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from marketplace.matches.models import Frequency
from marketplace.rome_time import ROME
from search.demand import Demand
from search.taxonomy import CategoryTree

#: The hour, in Rome, from which a digest goes out; a weekly one on Mondays.
DIGEST_HOUR = 7
MONDAY = 0


def is_wanted(
    demand: Demand,
    distance_km: float,
    *,
    categories: Collection[str],
    within_km: float | None,
    tree: CategoryTree,
) -> bool:
    """Whether a demand that matches is also in the categories (or below) and the distance that the alert names."""
    if within_km is not None and distance_km > within_km:
        return False
    if not categories:
        return True
    wanted = {each for code in categories for each in (code, *tree.descendants(code))}
    return any(code in wanted for code in _asked(demand, tree))


def _asked(demand: Demand, tree: CategoryTree) -> Iterable[str]:
    for lot in demand.lots:
        if lot.category:
            yield lot.category
        elif lot.cpv:
            yield from tree.by_cpv(lot.cpv)


def is_due(frequency: str, last_sent_at: datetime | None, now: datetime) -> bool:
    """Whether news that waits for this alert may go out: the last digest hour has not been served yet."""
    if frequency == Frequency.AT_ONCE:
        return True
    if frequency not in (Frequency.DAILY, Frequency.WEEKLY):
        return False
    due = last_digest_hour(frequency, now)
    return last_sent_at is None or last_sent_at < due


def last_digest_hour(frequency: str, now: datetime) -> datetime:
    """The latest moment, not after ``now``, at which digests of this frequency go out: the same wall time all year."""
    local = now.astimezone(ROME)
    due = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0, fold=0)
    if due > local:
        due = (due - timedelta(days=1)).replace(fold=0)
    if frequency == Frequency.WEEKLY:
        due -= timedelta(days=(due.weekday() - MONDAY) % 7)
    return due.astimezone(now.tzinfo)
