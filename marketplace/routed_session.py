"""The session of the database: one whose running request says where it reads."""

import logging
from contextvars import ContextVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

#: Where the running request reads; ``None``: where everything is written.
reader: ContextVar[sa.Engine | None] = ContextVar("reader", default=None)


class RoutedSession(Session):
    """Reads from :data:`reader` where that is set."""

    def get_bind(self, *args, **kwargs):
        return reader.get() or super().get_bind(*args, **kwargs)

    def close(self) -> None:
        """End it, also where its connection has died since: what was read and answered stands."""
        try:
            super().close()
        except DBAPIError as problem:
            # SQLAlchemy has taken the connection out of its pool already
            log.warning("A connection died before it was given back: %s", type(problem.orig).__name__)
