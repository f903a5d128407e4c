"""How often the same thing may be tried, and who counts as the same.

Signing in is counted per account *and* address: whoever tries passwords from elsewhere does not lock
the owner out. Whatever sends a mail is counted per recipient. Both are also counted, more generously,
per address alone. The address is the one of the connection; ``X-Forwarded-For`` counts only where
``TRUSTED_PROXIES`` says how many proxies of ours write it.
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, current_app, request
from flask_limiter import ApplicationLimit, Limiter
from flask_limiter.util import get_remote_address

import marketplace.limits_storage  # noqa: F401  (names the storage "database://")


class Limit(NamedTuple):
    rule: str
    key: Callable[[], str]


def per_account_and_address() -> str:
    return _hash(_recipient(), get_remote_address())


def per_recipient() -> str:
    return _hash(_recipient())


def per_address() -> str:
    return _hash(get_remote_address())


def _recipient() -> str:
    return request.form.get("email", "").strip().casefold()[:320]


def _hash(*parts: str) -> str:
    """What is kept names nobody: keyed with the installation's secret, so that it cannot be tried out."""
    secret = current_app.secret_key.encode()
    return hashlib.blake2b("\0".join(parts).encode(), key=secret[:64], digest_size=16).hexdigest()


SIGN_IN = (Limit("10 per 5 minutes", per_account_and_address), Limit("200 per 5 minutes", per_address))
MAIL = (Limit("5 per 15 minutes", per_recipient), Limit("60 per 15 minutes", per_address))

#: Only unsafe methods are counted.
LIMITS: dict[str, tuple[Limit, ...]] = {
    "security.login": SIGN_IN,
    "security.verify": SIGN_IN,
    "security.register": MAIL,
    "security.forgot_password": MAIL,
    "security.send_confirmation": MAIL,
    "accounts.send_link": MAIL,
    "organisations.invite": MAIL,
    # whoever writes to a buyer, or asks others to answer together, sends mails
    "proposals.ask": (Limit("30 per 15 minutes", per_address),),
    "proposals.answer": (Limit("120 per 15 minutes", per_address),),
    "proposals.invite": (Limit("30 per 15 minutes", per_address),),
    "security.reset_password": (Limit("60 per 15 minutes", per_address),),
    "security.change_password": (Limit("30 per 15 minutes", per_address),),
}


def init_app(app: Flask) -> None:
    """To be called before whatever begins a transaction at the start of a request.

    Attempts are counted on a connection of their own: a transaction of the same request that had begun
    before, holding SQLite's write lock, would make it wait for ever. So these are not decorators of views,
    which are called when Flask-Principal has already looked up who asks, but limits of the application,
    each for one endpoint. Not one limiter for all applications: it keeps the switch that turns it off.
    """
    storage = app.config["LIMITS_STORAGE"]
    limiter = Limiter(
        get_remote_address,
        application_limits=[
            _limit(endpoint, number, limit)
            for endpoint, limits in LIMITS.items()
            for number, limit in enumerate(limits)
        ],
        storage_uri="database://" if storage == "database" else storage,
        strategy="moving-window",
        headers_enabled=False,
    )
    # before it looks at each limit whether it is meant
    limiter.request_filter(lambda: request.method != "POST" or request.endpoint not in LIMITS)
    limiter.init_app(app)


def _limit(endpoint: str, number: int, limit: Limit) -> ApplicationLimit:
    return ApplicationLimit(
        limit.rule,
        key_function=limit.key,
        scope=f"{endpoint}.{number}",
        exempt_when=lambda: request.endpoint != endpoint or request.method != "POST",
    )
