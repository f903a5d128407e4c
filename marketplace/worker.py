"""The process beside the web processes: it keeps the index fresh and sends the mails.

One of them works at a time, whoever holds the lock; another waits to take over. Index, mails,
reminders and alerts have a thread each, so that a mail server that hangs keeps nothing from being found.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread

from flask import Flask
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from marketplace.catalogue.stale_round import remind_of_stale_offers
from marketplace.clock import utc_now
from marketplace.conversations.telling_round import tell_of_messages
from marketplace.db import db
from marketplace.delivery.shift_round import remind_of_shifts
from marketplace.demands.closing_round import tell_of_closings
from marketplace.engines import index_engine
from marketplace.evidence.card_expiry_round import warn_of_card_expiry
from marketplace.evidence.expiry_round import warn_of_expiry
from marketplace.index_upkeep import drain_suppliers, index_lock, rebuild, rebuild_wanted
from marketplace.locks import Lock, alone, is_held
from marketplace.mail_queue import send_next
from marketplace.matches.alert_round import tell_of_demands
from marketplace.notices.news_round import tell_of_offers
from marketplace.order_sheets.sending_round import send_due_orders
from marketplace.orders.rounds import look_after_orders
from marketplace.organisations.locating import locate_again
from marketplace.orphan_files import sweep_uploads
from marketplace.pooling.letters import tell_of_pools
from marketplace.price_lists.background import do_next
from search.engine import EngineUnavailable

log = logging.getLogger(__name__)

POLL_S = 0.2
STANDBY_POLL_S = 1.0
#: How often the worker says that it lives, and looks whether the index does.
HEARTBEAT_S = 1.0
#: After something failed; doubled each time up to the longest.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0

#: What is due because time has passed: whom to remind of what, seats to look up again, files that nothing names.
#: Each notes what it did, so that nothing is done twice.
REMINDERS = (
    warn_of_expiry,
    warn_of_card_expiry,
    remind_of_stale_offers,
    locate_again,
    sweep_uploads,
    look_after_orders,
    send_due_orders,
    remind_of_shifts,
    tell_of_pools,
    tell_of_closings,
)
REMINDERS_EVERY_S = 600.0
#: What is told soon after it happened; each writes to the outbox and notes that it did, so that nobody hears twice.
NEWS = (tell_of_demands, tell_of_messages, tell_of_offers)
#: A new demand is told within about so long, after the index has had its turn.
ALERTS_EVERY_S = 5.0

HEARTBEAT = "worker.heartbeat"
#: Seconds without a sign of life after which a worker is taken for gone.
LATE_S = 30.0


def worker_age(instance: Path) -> float | None:
    """Seconds since the worker last said that it lives; ``None`` where none ever did.

    With PostgreSQL it may live on another machine: there it lives as long as it holds its lock. Needs an
    application context.
    """
    if db.engine.dialect.name == "postgresql" and is_held(Lock.WORKER):
        return 0.0
    try:
        return max(0.0, time.time() - (instance / HEARTBEAT).stat().st_mtime)
    except FileNotFoundError:
        return None


def run(app: Flask, *, stop: Event | None = None) -> None:
    """Work until ``stop`` is set or a signal (TERM, INT) says so; what has been begun is finished."""
    stop = stop or _stopped_by_signals()
    while not stop.is_set():
        try:
            with app.app_context(), alone(Lock.WORKER, wait=False) as still_alone:
                if still_alone is not None:
                    _work(app, stop, still_alone)
                    continue
        except SQLAlchemyError as problem:
            # the database is away, and the lock with it
            log.error("%s: %s; again in %.0f s", type(problem).__name__, problem, STANDBY_POLL_S)
        stop.wait(STANDBY_POLL_S)


def _work(app: Flask, stop: Event, still_alone: Callable[[], bool]) -> None:
    """What the one worker does, in threads, until ``stop`` or until it is no longer alone."""
    ended = Event()
    watch = Thread(target=_watch, args=(stop, still_alone, ended), name="watch", daemon=True)
    watch.start()
    others = [
        Thread(target=_loop, args=(app, work, ended), name=type(work).__name__, daemon=True)
        for work in (_MailRound(), _ReminderRound(), _AlertRound(), _ImportRound())
    ]
    for thread in others:
        thread.start()
    _loop(app, _IndexRound(Path(app.instance_path)), ended)
    # a mail server may hang for MAIL_TIMEOUT; its mail is sent again if the process ends before
    for thread in others:
        thread.join(timeout=app.config["MAIL_TIMEOUT"] + 1)


def _watch(stop: Event, still_alone: Callable[[], bool], ended: Event) -> None:
    """Set ``ended`` when the work is to stop, or when another worker may have begun it."""
    while not stop.wait(HEARTBEAT_S):
        if not still_alone():
            log.warning("The lock of the worker was lost, with its connection; it is asked for again")
            break
    ended.set()


def _stopped_by_signals() -> Event:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _loop(app: Flask, work: Callable[[], bool], stop: Event) -> None:
    """Call ``work`` in a context of its own each time; it says whether there may be more at once."""
    pause = FIRST_PAUSE_S
    while not stop.is_set():
        try:
            with app.app_context():
                more = work()
        except (OperationalError, EngineUnavailable, OSError) as problem:
            log.error("%s: %s; again in %.0f s", type(problem).__name__, problem, pause)
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
        except Exception:
            log.exception("The worker goes on in %.0f s", pause)
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
        else:
            pause = FIRST_PAUSE_S
            if not more:
                stop.wait(POLL_S)


class _MailRound:
    def __call__(self) -> bool:
        return send_next(db.session, utc_now())


class _AlertRound:
    """Tells those who want to hear of new demands, messages and offers, at once or with the next digest."""

    def __init__(self):
        self._next_look = 0.0

    def __call__(self) -> bool:
        if time.monotonic() >= self._next_look:
            for tell in NEWS:
                tell(db.session, utc_now())
            self._next_look = time.monotonic() + ALERTS_EVERY_S
        return False


class _ReminderRound:
    """Writes the mails that are due because time has passed: each function takes a session and ``now``."""

    def __init__(self, reminders: Sequence[Callable] = REMINDERS):
        self._reminders = reminders
        self._next_look = 0.0

    def __call__(self) -> bool:
        if time.monotonic() >= self._next_look:
            for remind in self._reminders:
                remind(db.session, utc_now())
            self._next_look = time.monotonic() + REMINDERS_EVERY_S
        return False


class _ImportRound:
    """Large price lists; what is ended half-way is done again by the next worker."""

    def __call__(self) -> bool:
        return do_next(db.session, utc_now())


class _IndexRound:
    """One look at the outbox, and once a second at the index itself."""

    def __init__(self, instance: Path):
        self._heartbeat = instance / HEARTBEAT
        self._next_look = 0.0

    def __call__(self) -> bool:
        with index_lock(wait=False) as free:
            if not free:
                # somebody rebuilds by hand
                self._beat()
                return False
            if self._needs_rebuild():
                started = time.monotonic()
                offers = rebuild(db.session, index_engine())
                log.warning("Index built: %d offers in %.1f s", offers, time.monotonic() - started)
                return True
            return drain_suppliers(db.session, index_engine(), utc_now()) > 0

    def _needs_rebuild(self) -> bool:
        if rebuild_wanted(db.session, utc_now()):
            return True
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + HEARTBEAT_S
        self._beat()
        try:
            index_engine().counts()
        except EngineUnavailable as reason:
            log.warning("The index is rebuilt: %s", reason)
            return True
        return False

    def _beat(self) -> None:
        self._heartbeat.touch()
        os.utime(self._heartbeat)
