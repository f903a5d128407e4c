"""How a request begins: may it write, and who asks."""

from collections.abc import Callable

from flask import Flask, current_app, request, session
from flask_babel import get_locale
from flask_login import current_user

from marketplace.db import set_may_write

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

#: Pages of Flask-Security that are opened from a mail and write when they are.
WRITING_PAGES = frozenset({"security.confirm_email"})

#: What is served without asking who asks.
IMPERSONAL = frozenset(
    {
        "static",
        "bootstrap.static",
        "security.static",
        "health.healthz",
        "monitoring.metrics",
        "catalogue.photo",
        "explore.comuni",
        "explore.province",
    }
)


def read_only(view: Callable) -> Callable:
    """A view whose unsafe method only carries a long question (``POST /api/v1/match``): it takes no write lock."""
    view.read_only = True
    return view


def may_write() -> bool:
    """Whether this request's transactions take SQLite's write lock from their beginning."""
    if request.method in SAFE_METHODS:
        return request.endpoint in WRITING_PAGES
    view = current_app.view_functions.get(request.endpoint)
    return not getattr(view, "read_only", False)


def init_app(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        set_may_write(may_write())


def init_people(app: Flask) -> None:
    """Apart, because attempts are counted in between, before any transaction (:mod:`marketplace.rate_limits`)."""

    @app.before_request
    def look_up_who_asks() -> None:
        if request.endpoint not in IMPERSONAL and "_user_id" in session:
            # now, because whose session it is decides the language of everything that follows; and the language
            # too, or the first word after a commit would read the person again, holding SQLite's write lock
            current_user._get_current_object()
            get_locale()
