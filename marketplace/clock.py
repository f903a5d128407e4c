"""The time now, for views and the worker, which hand it to everything else."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
