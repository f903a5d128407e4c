"""A part of the worker that runs often and mostly finds nothing to do."""

from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy.orm import Session

from marketplace.db import writing

T = TypeVar("T", bound=Collection)


def do_what_is_due(session: Session, look: Callable[[], T], do: Callable[[T], None]) -> T | None:
    """Look, and where there is something look again while writing, do it and commit; what was done, or None.

    Only looked at first: the write lock is for when there is something to write. Looked at again, because another
    worker may have done it in between.
    """
    found = look()
    session.rollback()
    if not found:
        return None
    with writing():
        due = look()
        do(due)
        session.commit()
    return due
