"""Keeping a search, changing how its news come, and letting it go."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.matches.models import Frequency
from marketplace.notices.models import SavedSearch
from marketplace.notices.saved_values import asks_anything

#: Of one person.
MAX_SEARCHES = 50


def save_search(
    session: Session, actor: User, *, name: str, query: dict[str, Any], frequency: Frequency, now: datetime
) -> SavedSearch:
    """Keep a search (:func:`marketplace.notices.saved_values.stored`); the same one is kept once.

    Raises :class:`Invalid` for one that asks for everything, :class:`Conflict` where the actor keeps many.
    """
    if not asks_anything(query):
        raise Invalid(_("Say first what you look for, or where."), field="name")
    own = session.scalars(sa.select(SavedSearch).where(SavedSearch.person_id == actor.id)).all()
    search = next((one for one in own if one.query == query), None)
    if search is None:
        if len(own) >= MAX_SEARCHES:
            raise Conflict(
                _("At most %(n)s saved searches: remove one first.", n=MAX_SEARCHES), code="too_many"
            )
        search = SavedSearch(person_id=actor.id, query=query, created_at=now)
        session.add(search)
    search.name, search.frequency = name, frequency
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="search.saved", subject=search)
    session.commit()
    return search


def own_search(session: Session, person: User, search_id: int) -> SavedSearch:
    """Raises :class:`NotFound` for those of others."""
    search = session.get(SavedSearch, search_id)
    if search is None or search.person_id != person.id:
        raise NotFound
    return search


def change_search(
    session: Session, actor: User, search_id: int, *, name: str, frequency: Frequency, now: datetime
) -> None:
    search = own_search(session, actor, search_id)
    search.name, search.frequency = name, frequency
    audit.record(session, now=now, actor_id=actor.id, verb="search.changed", subject=search)
    session.commit()


def remove_search(session: Session, actor: User, search_id: int, *, now: datetime) -> None:
    search = own_search(session, actor, search_id)
    audit.record(session, now=now, actor_id=actor.id, verb="search.removed", subject=search)
    session.delete(search)
    session.commit()
