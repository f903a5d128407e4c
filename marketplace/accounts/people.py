"""Where Flask-Security finds people."""

from typing import Any

import sqlalchemy as sa
from flask import request
from flask_security import FSQLALiteUserDatastore
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import User
from marketplace.request_cycle import SAFE_METHODS

# made once: every request of somebody who is signed in asks one of them
_OF_SESSION = sa.select(User).where(User.fs_uniquifier == sa.bindparam("fs_uniquifier"))
_WITH_DUTIES = _OF_SESSION.options(joinedload(User.roles))


class People(FSQLALiteUserDatastore):
    """The library's own store, but for the question of every request: whose session is it?

    A page shows the way to the desk to whoever has a duty there; a form that is taken shows nothing.
    """

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        if kwargs.keys() != {"fs_uniquifier"}:
            return super().find_user(case_insensitive, **kwargs)
        shows_a_page = request and request.method in SAFE_METHODS
        found = self.db.session.scalars(_WITH_DUTIES if shows_a_page else _OF_SESSION, kwargs)
        return found.unique().one_or_none()
