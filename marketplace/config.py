"""What an administrator can set, by environment variable, and what follows from it.

Every setting is documented in ``docs/configuration.md``; a test holds the two together.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"

MEGABYTE = 1024 * 1024

#: How long a request waits for a connection, for a server to answer, and for what another one holds (PostgreSQL).
POOL_TIMEOUT_S = 5
CONNECT_TIMEOUT_S = 3
LOCK_TIMEOUT_MS = 10_000


class InvalidSetting(ValueError):
    """A setting that cannot be used, with its name and what it may be."""


def _flag(text: str) -> bool:
    """Yes or no, as people write it in a service file."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("1 or 0")


def _choice(*names: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in names:
            raise ValueError(" or ".join(names))
        return text

    return parse


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("a whole number")
    return int(text)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.lower().replace(",", " ").split())


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default and how its text becomes a value."""

    default: Any
    parse: Callable[[str], Any] = str


SETTINGS: dict[str, Setting] = {
    "INSTANCE": Setting(str(ROOT / "instance")),
    "SECRETS_FILE": Setting(""),
    "DATABASE_URL": Setting(""),
    "DATABASE_REPLICA_URL": Setting(""),
    "DATABASE_POOL": Setting(5, _count),
    "STATEMENT_TIMEOUT_S": Setting(0, _count),
    "HOST": Setting("127.0.0.1"),
    "PORT": Setting(8000, _count),
    "WEB_WORKERS": Setting(2, _count),
    "KEPT_PAGES": Setting(300, _count),
    "SITE_URL": Setting(""),
    "TRUSTED_PROXIES": Setting(0, _count),
    "SECURE_COOKIES": Setting(None, _flag),
    "DEMO": Setting(False, _flag),
    "DISTRICT_NAME": Setting("Distretto di Economia Sociale e Solidale bergamasco"),
    "DISTRICT_EMAIL": Setting(""),
    "CHARTER_VERSION": Setting(""),
    "CHARTER_URL": Setting(""),
    "SOURCE_URL": Setting(""),
    "OCDS_PREFIX": Setting("ocds-unregistered"),
    "IMPORT_HOSTS": Setting(frozenset(), _names),
    "SEARCH_ENGINE": Setting("", _choice("", "embedded", "postgres")),
    "GEOCODER": Setting("gazetteer", _choice("gazetteer", "nominatim")),
    "NOMINATIM_URL": Setting("https://nominatim.openstreetmap.org"),
    "NOMINATIM_USER_AGENT": Setting(""),
    "TILE_URL": Setting(""),
    "TILE_ATTRIBUTION": Setting(""),
    "MAIL_SERVER": Setting(""),
    "MAIL_PORT": Setting(587, _count),
    "MAIL_USERNAME": Setting(""),
    "MAIL_PASSWORD": Setting(""),
    "MAIL_USE_TLS": Setting(True, _flag),
    "MAIL_USE_SSL": Setting(False, _flag),
    "MAIL_TIMEOUT": Setting(10, _count),
    "MAIL_DEFAULT_SENDER": Setting("no-reply@localhost"),
    "LIMITS_STORAGE": Setting("database"),
    "UPLOADS": Setting("folder", _choice("folder", "database")),
    "LOG_FORMAT": Setting("text", _choice("text", "json")),
    "LOG_REQUESTS": Setting(False, _flag),
    "METRICS_TOKEN": Setting(""),
}


def read_settings(
    overrides: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> dict[str, Any]:
    """The value of every setting: an override, else the environment, else the default.

    Raises :class:`InvalidSetting` naming the first that cannot be read.
    """
    values = {}
    for name, setting in SETTINGS.items():
        if name in overrides:
            values[name] = overrides[name]
        elif name in environment:
            try:
                values[name] = setting.parse(environment[name].strip())
            except ValueError as reason:
                raise InvalidSetting(f"{name} must be {reason}, not {environment[name]!r}") from None
        else:
            values[name] = setting.default
    return values


def flask_config(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole Flask configuration: settings, what follows from them, then ``overrides`` over all."""
    overrides = dict(overrides or {})
    values = read_settings(overrides)
    instance = Path(values["INSTANCE"]).absolute()
    values["INSTANCE"] = str(instance)
    if not values["DATABASE_URL"]:
        values["DATABASE_URL"] = f"sqlite:///{instance / 'incontro.db'}"
    values["SEARCH_ENGINE"] = _search_engine(values)
    if values["SECURE_COOKIES"] is None:
        values["SECURE_COOKIES"] = values["SITE_URL"].startswith("https://")
    return values | _hosts(values) | _limits() | _sessions(values) | _extensions(values) | overrides


def _search_engine(values: Mapping[str, Any]) -> str:
    """Where the tables lie in PostgreSQL the index does too, so that machines share it, unless told otherwise."""
    in_postgres = _driver(values["DATABASE_URL"]).startswith("postgresql")
    if values["SEARCH_ENGINE"] == "postgres" and not in_postgres:
        raise InvalidSetting("SEARCH_ENGINE can be postgres only where DATABASE_URL is PostgreSQL")
    return values["SEARCH_ENGINE"] or ("postgres" if in_postgres else "embedded")


def _hosts(values: Mapping[str, Any]) -> dict[str, Any]:
    """With ``SITE_URL`` no other name is answered to, or a forged one could stand in the links of mails."""
    site = urlsplit(values["SITE_URL"])
    if not site.hostname:
        return {}
    # the loopback is for whoever watches over the installation
    return {"TRUSTED_HOSTS": [site.hostname, "127.0.0.1", "localhost"], "PREFERRED_URL_SCHEME": site.scheme}


def _limits() -> dict[str, Any]:
    return {
        # a form of 30 MB or of 1,001 parts is refused before it takes memory; uploads have their own routes
        "MAX_CONTENT_LENGTH": 16 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 1000,
    }


def _sessions(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "incontro",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": values["SECURE_COOKIES"],
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": values["SECURE_COOKIES"],
        "REMEMBER_COOKIE_DURATION": timedelta(days=30),
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
    }


def _extensions(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "SQLALCHEMY_ENGINES": _engines(values),
        "BOOTSTRAP_SERVE_LOCAL": True,
        # also under test, where Flask-Mailman would keep mails to itself
        "MAIL_BACKEND": "smtp",
        "BABEL_DEFAULT_LOCALE": "it",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Rome",
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _engines(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    urls = {"default": values["DATABASE_URL"], "replica": values["DATABASE_REPLICA_URL"]}
    return {name: _engine(_driver(url), values) for name, url in urls.items() if url}


def _engine(url: str, values: Mapping[str, Any]) -> dict[str, Any]:
    # the values of a failing statement, such as an address, do not belong into the log
    options: dict[str, Any] = {"url": url, "hide_parameters": True}
    if not url.startswith("postgresql"):
        return options
    limits = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={values['STATEMENT_TIMEOUT_S'] * 1000}"
    return options | {
        # a server that was restarted leaves dead connections behind: they are noticed and made again
        "pool_pre_ping": True,
        "pool_size": values["DATABASE_POOL"],
        "max_overflow": values["DATABASE_POOL"],
        "pool_timeout": POOL_TIMEOUT_S,
        "connect_args": {"connect_timeout": CONNECT_TIMEOUT_S, "options": limits},
    }


def _driver(url: str) -> str:
    """A PostgreSQL address as hosting providers give it, with the driver that is installed here."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme in {"postgres", "postgresql"} else url
