"""What makes a deadline sharp: whoever still answers and whoever opens the answers never pass each other.

Who answers holds the demand, with others who answer it, and only then looks at the clock; it is let go when what was
written is committed. Who opens looks at the clock, and then waits until nobody who looked before holds the demand. So
what was answered, changed or taken back in time is there to be read, and what comes too late is refused, however long
anybody waited for anybody. On SQLite the demand is held by holding the database.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.db import writing
from marketplace.demands.models import Demand

Clock = Callable[[], datetime]
#: A request is ended by the server long before it has lasted so long: afterwards nobody can still be answering.
NOBODY_ANSWERS_LONGER = timedelta(hours=1)


def moment_to_answer(session: Session, demand_id: int, clock: Clock) -> datetime:
    """The moment at which an answer is given, changed or taken back: before anything is asked of the demand.

    Held until the end of the transaction, which must be one that may write.
    """
    session.execute(_held(demand_id).with_for_update(read=True))
    return clock()


def moment_to_open(session: Session, demand_id: int, clock: Clock) -> datetime:
    """The moment at which a buyer reads answers, all that came before it being settled; nothing is held afterwards.

    May end the running transaction, because what it has seen so far may be from before: so it comes first in a view.
    """
    now = clock()
    closes_at = session.scalar(sa.select(Demand.closes_at).where(Demand.id == demand_id))
    if closes_at is None or not closes_at <= now < closes_at + NOBODY_ANSWERS_LONGER:
        return now
    session.rollback()
    with writing():
        session.execute(_held(demand_id).with_for_update(key_share=True))
    session.rollback()
    return now


def _held(demand_id: int) -> sa.Select:
    return sa.select(Demand.id).where(Demand.id == demand_id)
