"""The same form sent twice is one request: by a double click, by sending again what a dead network did not answer.

A form carries a number of its own from when it was opened. Number and content together tell a sending: whoever goes
back and changes something means another request.
"""

import secrets
from collections.abc import Iterable
from hashlib import sha256

import sqlalchemy as sa
from flask import json
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.demands.models import Demand

FIELD = "sending"
_LONGEST = 64


def new_number() -> str:
    """For a form that is opened."""
    return secrets.token_urlsafe(16)


def sent_as(number: str, fields: Iterable[tuple[str, str]]) -> str | None:
    """What stands for this sending, as kept with the demand; ``None`` for a form that carries no number."""
    if not 0 < len(number) <= _LONGEST:
        return None
    return sha256(json.dumps([number, [list(field) for field in fields]]).encode()).hexdigest()


def sent_before(session: Session, actor: User, sending: str | None) -> Demand | None:
    """The demand that the actor has sent with this very form."""
    if sending is None:
        return None
    return session.scalar(sa.select(Demand).where(Demand.author_id == actor.id, Demand.sent_as == sending))
