"""``flask demo``: everything, from an empty folder to a district that can be tried, in one command.

One parent prepares the database, then starts the web server and the worker, passes signals on, and ends
when they have ended. Nothing is left behind: should the parent be killed, the system ends its children.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from threading import Event

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from marketplace.accounts.models import User
from marketplace.clock import utc_now
from marketplace.config import DATA, ROOT
from marketplace.db import db, writing
from marketplace.instance import file_lock
from marketplace.organisations.models import Membership, Organisation
from marketplace.schema import prepare_database

#: Of everybody in the demonstration; nobody real signs in with it.
PASSWORD = "incontro-demo"
START_LIMIT_S = 120.0
STOP_LIMIT_S = 20.0
POLL_S = 0.1
RESTART_PAUSE_S = 1.0
#: Address, processes and the rest come from the settings, by gunicorn.conf.py.
WEB = [sys.executable, "-m", "gunicorn", "wsgi:application"]
WORKER = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
_SET_PARENT_DEATH_SIGNAL = 1


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demonstration district if there is nothing yet, and serve it."""
    config = current_app.config
    _refuse_a_port_in_use(config["HOST"], config["PORT"])
    with file_lock(Path(current_app.instance_path) / "demo.lock"):
        prepare_database()
        if not _has_organisations():
            _load()
        people = _people()
    db.engine.dispose()
    _serve(f"http://{config['HOST']}:{config['PORT']}", config, people)


def _refuse_a_port_in_use(host: str, port: int) -> None:
    """Now and in words, before somebody else's server answers in our place."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise click.ClickException(
                f"Port {port} is in use: end what uses it, or choose another one (PORT=8080)."
            ) from None


def _has_organisations() -> bool:
    found = db.session.scalar(sa.select(Organisation.id).limit(1)) is not None
    db.session.rollback()
    return found


def _load() -> None:
    from marketplace.choosing.demo_story import tell_story
    from marketplace.district.cli import load_folder
    from marketplace.orders.demo_story import tell_order

    load_folder(DATA / "demo", demo=True, password=PASSWORD)
    with writing():
        tell_story(db.session, utc_now())
        tell_order(db.session, utc_now())


def _people() -> list[tuple[str, str]]:
    """Mail address, and what for: organisation and role, or the duty for the district."""
    rows = db.session.execute(
        sa.select(User.email, Organisation.name, Membership.role)
        .join(Membership, Membership.person_id == User.id)
        .join(Organisation, Membership.organisation_id == Organisation.id)
        .where(Organisation.demo)
        .order_by(User.id)
    )
    people = [(row.email, f"{row.name} ({row.role})") for row in rows]
    desk = db.session.scalars(sa.select(User).where(User.roles.any()).order_by(User.id))
    people += [(person.email, ", ".join(role.name for role in person.roles)) for person in desk]
    db.session.rollback()
    return people


def _serve(address: str, config, people: list[tuple[str, str]]) -> None:
    environment = os.environ | {"DEMO": "1", "INSTANCE": config["INSTANCE"]}
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    web, worker = _start(WEB, environment), _start(WORKER, environment)
    announced, give_up = False, time.monotonic() + START_LIMIT_S
    while not stop.wait(POLL_S) and web.poll() is None:
        if worker.poll() is not None:
            # nothing is lost while it is away, but somebody must begin again
            click.echo("The worker has ended and is started again.", err=True)
            stop.wait(RESTART_PAUSE_S)
            worker = _start(WORKER, environment)
        if not announced and _is_healthy(address):
            _announce(address, people)
            announced = True
        if not announced and time.monotonic() > give_up:
            click.echo(f"Nothing answers at {address} after {START_LIMIT_S:.0f} s.", err=True)
            break
    wanted = stop.is_set()
    _stop([web, worker])
    if not wanted:
        raise click.exceptions.Exit(1)


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen:
    return subprocess.Popen(command, cwd=ROOT, env=environment, preexec_fn=_die_with_parent)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as response:
            return json.load(response)["status"] == "ok"
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _announce(address: str, people: list[tuple[str, str]]) -> None:
    click.echo(f"\n  Incontro: {address}\n")
    if people:
        click.echo(f"  Sign in with one of these addresses and the password {PASSWORD}:")
        for email, what in people:
            click.echo(f"    {email:<40} {what}")
    click.echo("\n  Ctrl-C ends it.\n")


def _stop(children: list[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    give_up = time.monotonic() + STOP_LIMIT_S
    for child in children:
        try:
            child.wait(max(0.1, give_up - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
