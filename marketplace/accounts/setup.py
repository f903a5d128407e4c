"""Flask-Security as this house uses it: registration, confirmation, reset, sign-in, change of password."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_login import current_user
from flask_security import Security

from marketplace.accounts import signals
from marketplace.accounts.forms import RegisterForm
from marketplace.accounts.models import Role, User, WebAuthn
from marketplace.accounts.outbox_mail import OutboxMailUtil
from marketplace.accounts.passwords import LockFreeContext
from marketplace.accounts.people import People
from marketplace.db import db
from marketplace.errors import sign_in_first
from marketplace.permissions import Rule, state_rule

SETTINGS: dict[str, Any] = {
    "SECURITY_REGISTERABLE": True,
    "SECURITY_CONFIRMABLE": True,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_TRACKABLE": True,
    # the same words for known and unknown addresses
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    # mails of accounts are plain text (templates/security/email), read everywhere
    "SECURITY_EMAIL_HTML": False,
    "SECURITY_PASSWORD_CONFIRM_REQUIRED": False,
    "SECURITY_PASSWORD_LENGTH_MIN": 10,
    # for the links of mails; the default counts its rounds in Python, a third of a second for each link
    "SECURITY_HASHING_SCHEMES": ["pbkdf2_sha256", "sha256_crypt"],
    "SECURITY_API_ENABLED_METHODS": ["session"],
    # a stolen session cannot do more with a fresh password than without: erasing asks for a word of its own
    "SECURITY_FRESHNESS": timedelta(minutes=-1),
    "SECURITY_CONFIRM_EMAIL_WITHIN": timedelta(days=5),
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=2),
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_POST_REGISTER_VIEW": "security.login",
    # who has just come: to their organisation, or to signing one up
    "SECURITY_POST_CONFIRM_VIEW": "/login?next=/mine",
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/",
    "SECURITY_POST_CHANGE_VIEW": "accounts.account",
    # never a DNS question: no request leaves for another host
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
}

#: Open to everybody, signed in or not, but for the change of password.
_RULES = {
    "login": Rule.PUBLIC,
    "logout": Rule.PUBLIC,
    "register": Rule.PUBLIC,
    "forgot_password": Rule.PUBLIC,
    "reset_password": Rule.PUBLIC,
    "send_confirmation": Rule.PUBLIC,
    "confirm_email": Rule.PUBLIC,
    "change_password": Rule.SIGNED_IN,
}


def init_app(app: Flask) -> None:
    for name, value in SETTINGS.items():
        app.config.setdefault(name, value)
    security = Security(
        app,
        People(db, User, Role, WebAuthn),
        register_form=RegisterForm,
        mail_util_cls=OutboxMailUtil,
    )
    security.pwd_context = LockFreeContext(security.pwd_context)
    # Flask-Principal would look up who asks for every file; permissions here are our own
    security.principal.identity_loaders.clear()
    # pages, not an interface for programs: errors have one shape, and it is not Flask-Security's
    security.want_json(lambda _request: False)
    security.unauthn_handler(lambda _mechanisms, headers=None: sign_in_first())
    signals.init_app(app)
    for endpoint, rule in _RULES.items():
        state_rule(app, f"security.{endpoint}", rule)

    @app.context_processor
    def who() -> dict[str, Any]:
        return {"current_user": current_user}
