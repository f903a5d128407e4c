"""What happens beside Flask-Security's own work: the audit trail, and sessions that end for good."""

import secrets

from flask import Flask
from flask_login import user_logged_out
from flask_security.signals import (
    password_changed,
    password_reset,
    user_authenticated,
    user_confirmed,
    user_registered,
)

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.clock import utc_now
from marketplace.db import db


def init_app(app: Flask) -> None:
    for signal, verb in (
        (user_registered, "registered"),
        (user_confirmed, "confirmed_address"),
        (user_authenticated, "signed_in"),
        (password_changed, "changed_password"),
        (password_reset, "reset_password"),
    ):
        signal.connect(_recorder(verb), app, weak=False)
    user_logged_out.connect(_end_sessions, app)


def _recorder(verb: str):
    def record(_app: Flask, user: User, **_extra) -> None:
        # gives a new person an id, and tells at once of an address that was taken a moment ago
        db.session.flush()
        audit.record(db.session, now=utc_now(), actor_id=user.id, verb=verb, subject=user)

    return record


def _end_sessions(_app: Flask, user: User | None = None, **_extra) -> None:
    """Whoever signs out is out everywhere: a copy of the cookie names nobody any more."""
    if user is None or not user.is_authenticated:
        return
    person = user._get_current_object() if hasattr(user, "_get_current_object") else user
    person.fs_uniquifier = secrets.token_hex(32)
    audit.record(db.session, now=utc_now(), actor_id=person.id, verb="signed_out", subject=person)
    db.session.commit()
