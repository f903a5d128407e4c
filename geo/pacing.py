"""Waiting one's turn: at most one call per interval, over threads and, by a file, over processes."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable
from pathlib import Path


class Pace:
    """Hands out turns an interval apart. Safe to share between threads.

    With a `file` all processes that name the same one share the turns; it holds the next free
    moment as seconds of the wall clock, and a moment implausibly far ahead (the clock was set
    back) is forgotten.
    """

    def __init__(
        self, interval_s: float, file: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._interval = interval_s
        self._file = file
        self._clock = clock
        self._lock = threading.Lock()
        self._next = 0.0

    def reserve(self, patience_s: float) -> float | None:
        """Seconds to wait for the next turn, which is then ours; None, and no turn taken, beyond the patience."""
        with self._lock:
            if self._file is None:
                wait, self._next = self._turn(self._next, patience_s)
                return wait
            with self._file.open("a+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # released when the file closes
                file.seek(0)
                wait, following = self._turn(_seconds(file.read()), patience_s)
                file.seek(0)
                file.truncate()
                file.write(repr(following))
                return wait

    def _turn(self, following: float, patience_s: float) -> tuple[float | None, float]:
        """How long to wait, and the moment of the turn after ours."""
        now = self._clock()
        wait = max(0.0, following - now)
        if wait > max(60.0, 10 * self._interval):
            wait = 0.0
        if wait > patience_s:
            return None, following
        return wait, now + wait + self._interval


def _seconds(text: str) -> float:
    """The number in a file that something else may have damaged; 0 where it is none."""
    try:
        return float(text[:40])
    except ValueError:
        return 0.0
