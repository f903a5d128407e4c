"""What is looked at, one function each: a finding says whether it is well, what was seen, and what to do.

No check changes anything, and none raises: what cannot be looked at is a finding too.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from marketplace.db import db
from marketplace.engines import index_engine
from marketplace.outbox import OutboxEntry, Topic
from marketplace.schema import is_current
from marketplace.worker import LATE_S, worker_age
from search.engine import EngineUnavailable

#: What PostgreSQL must have beside itself, and the package that brings it.
EXTENSIONS = {"postgis": "postgresql-15-postgis-3", "pg_trgm": "postgresql-contrib"}
#: Deadlines are kept to the second by everybody; more than this apart and machines tell different stories.
CLOCK_APART = timedelta(seconds=2)
#: What waits longer than this waits for something to be mended.
WAITS_TOO_LONG = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw. ``remedy`` is a command or a sentence; empty where all is well."""

    subject: str
    well: bool
    seen: str
    remedy: str = ""


def database(now: datetime) -> Finding:
    try:
        with db.engine.connect() as connection:
            connection.execute(sa.select(1))
    except SQLAlchemyError as problem:
        return Finding("database", False, _why(problem), "Start the database, or correct DATABASE_URL.")
    return Finding("database", True, f"{db.engine.dialect.name} answers")


def migrations(now: datetime) -> Finding:
    mend = "flask --app wsgi init"
    try:
        current = is_current()
    except SQLAlchemyError as problem:
        return Finding("migrations", False, _why(problem), mend)
    if not current:
        return Finding("migrations", False, "the tables are not those of this version", mend)
    return Finding("migrations", True, "the tables are those of this version")


def extensions(now: datetime) -> Finding:
    if db.engine.dialect.name != "postgresql":
        return Finding("extensions", True, "none is needed")
    try:
        with db.engine.connect() as connection:
            held = set(connection.scalars(sa.text("SELECT extname FROM pg_extension")))
            known = set(connection.scalars(sa.text("SELECT name FROM pg_available_extensions")))
    except SQLAlchemyError as problem:
        return Finding("extensions", False, _why(problem), "Start the database, or correct DATABASE_URL.")
    missing = [name for name in EXTENSIONS if name not in held]
    if not missing:
        return Finding("extensions", True, ", ".join(EXTENSIONS))
    absent = [EXTENSIONS[name] for name in missing if name not in known]
    make = "; ".join(f"CREATE EXTENSION {name}" for name in missing)
    first = f"apt-get install {' '.join(absent)}, then " if absent else ""
    return Finding("extensions", False, f"missing: {', '.join(missing)}", f"{first}as superuser: {make};")


def clock(now: datetime) -> Finding:
    """The database's clock beside ours: on one machine they are the same."""
    if db.engine.dialect.name != "postgresql":
        return Finding("clock", True, "one machine, one clock")
    try:
        with db.engine.connect() as connection:
            theirs = connection.scalar(sa.select(sa.func.clock_timestamp()))
    except SQLAlchemyError as problem:
        return Finding("clock", False, _why(problem), "Start the database, or correct DATABASE_URL.")
    apart = abs(datetime.now(UTC) - theirs)
    seen = f"{apart.total_seconds():.1f} s from the database's"
    if apart > CLOCK_APART:
        return Finding("clock", False, seen, "Let all machines keep time by NTP (timedatectl set-ntp true).")
    return Finding("clock", True, seen)


def index(now: datetime) -> Finding:
    mend = "flask --app wsgi reindex"
    try:
        suppliers, offers = index_engine().counts()
        stale = index_engine().is_stale()
    except (EngineUnavailable, OSError, SQLAlchemyError) as problem:
        return Finding("index", False, _why(problem), mend)
    seen = f"{offers} offers of {suppliers} suppliers"
    if stale:
        return Finding("index", False, f"{seen}, made by another version", mend)
    return Finding("index", True, seen)


def worker(now: datetime) -> Finding:
    mend = "Start it: flask --app wsgi worker (docs/deployment.md has its service)."
    age = worker_age(Path(current_app.instance_path))
    if age is None:
        return Finding("worker", False, "it has never run here", mend)
    seen = f"last sign of life {age:.0f} s ago"
    return Finding("worker", True, seen) if age < LATE_S else Finding("worker", False, seen, mend)


def outbox(now: datetime) -> Finding:
    try:
        with db.engine.connect() as connection:
            entry = connection.execute(
                sa.select(OutboxEntry.topic, OutboxEntry.created_at, OutboxEntry.last_error)
                .where(OutboxEntry.created_at < now - WAITS_TOO_LONG)
                .order_by(OutboxEntry.created_at)
                .limit(1)
            ).first()
    except SQLAlchemyError as problem:
        return Finding("outbox", False, _why(problem), "flask --app wsgi init")
    if entry is None:
        return Finding("outbox", True, "nothing waits for long")
    minutes = (now - entry.created_at).total_seconds() / 60
    seen = f"{entry.topic} waits for {minutes:.0f} minutes: {entry.last_error or 'never tried'}"
    mend = "See mail below." if entry.topic == Topic.MAIL else "See worker above, and its log."
    return Finding("outbox", False, seen, mend)


def mail(now: datetime) -> Finding:
    """Asks the mail server for its greeting, and signs in where a name is set; sends nothing."""
    config = current_app.config
    if not config["MAIL_SERVER"]:
        return Finding("mail", False, "no server: mail is kept in the instance folder", "Set MAIL_SERVER.")
    address = f"{config['MAIL_SERVER']}:{config['MAIL_PORT']}"
    kind = smtplib.SMTP_SSL if config["MAIL_USE_SSL"] else smtplib.SMTP
    try:
        with kind(config["MAIL_SERVER"], config["MAIL_PORT"], timeout=config["MAIL_TIMEOUT"]) as server:
            if config["MAIL_USE_TLS"] and not config["MAIL_USE_SSL"]:
                server.starttls()
            if config["MAIL_USERNAME"]:
                server.login(config["MAIL_USERNAME"], config["MAIL_PASSWORD"])
            server.noop()
    except (OSError, smtplib.SMTPException) as problem:
        return Finding("mail", False, f"{address}: {_why(problem)}", "Correct MAIL_SERVER and its settings.")
    return Finding("mail", True, f"{address} answers")


def site(now: datetime) -> Finding:
    if current_app.config["SITE_URL"]:
        return Finding("site", True, current_app.config["SITE_URL"])
    return Finding("site", False, "links in mail follow the request's host name", "Set SITE_URL.")


def instance(now: datetime) -> Finding:
    folder = Path(current_app.instance_path)
    secrets = Path(current_app.config["SECRETS_FILE"] or folder / "secrets.json")
    try:
        mode = secrets.stat().st_mode & 0o777
    except OSError as problem:
        return Finding("instance", False, _why(problem), f"Let this user write in {folder}.")
    if mode & 0o077:
        return Finding("instance", False, f"{secrets} is readable by others", f"chmod 600 {secrets}")
    return Finding("instance", True, str(folder))


CHECKS: tuple[Callable[[datetime], Finding], ...] = (
    database,
    extensions,
    migrations,
    clock,
    instance,
    index,
    worker,
    outbox,
    mail,
    site,
)


def _why(problem: Exception) -> str:
    """The first line of what went wrong; the address of a database holds a password and is not in it."""
    cause = getattr(problem, "orig", None) or problem
    return (str(cause).strip().splitlines() or [type(problem).__name__])[0]
