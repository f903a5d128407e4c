"""The mails that wait to be sent."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.outbox import OutboxEntry, Topic


def mails(session: Session) -> list[dict]:
    """What was written to the outbox as mail, in the order in which it was written."""
    waiting = sa.select(OutboxEntry.payload).where(OutboxEntry.topic == Topic.MAIL).order_by(OutboxEntry.id)
    return list(session.scalars(waiting))
