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
from flask_limiter import Limiter
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
    "security.reset_password": (Limit("60 per 15 minutes", per_address),),
    "security.change_password": (Limit("30 per 15 minutes", per_address),),
}


def make_limiter(app: Flask) -> Limiter:
    """Not one for all applications: it keeps the switch that turns it off in itself."""
    storage = app.config["LIMITS_STORAGE"]
    limiter = Limiter(
        get_remote_address,
        storage_uri="database://" if storage == "database" else storage,
        strategy="moving-window",
        headers_enabled=False,
    )
    limiter.init_app(app)
    # the routes that it limits know it by a weak reference only
    app.extensions["rate_limiter"] = limiter
    return limiter


def set_limits(app: Flask, limiter: Limiter) -> None:
    """To be called when all routes are known."""
    for endpoint, limits in LIMITS.items():
        if endpoint not in app.view_functions:
            continue
        view = app.view_functions[endpoint]
        for limit in limits:
            view = limiter.limit(limit.rule, key_func=limit.key, methods=["POST"])(view)
        app.view_functions[endpoint] = view
