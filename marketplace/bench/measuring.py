"""Measuring: the same questions of every way in turn, warm, so that whatever the machine does meanwhile hits all."""

import gc
import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, TypeVar

from marketplace.bench.server_time import ServerTime
from marketplace.bench.ways.way import Way
from search.documents import SupplierDocument

Question = TypeVar("Question")

MOST_ROUNDS = 15
LEAST_ROUNDS = 1
"""How often every question is asked and timed."""
MEGABYTE = 1_000_000


class Took(NamedTuple):
    """Seconds by the clock, and seconds in which the processor worked on it, that of a server's processes too.

    Where others use the machine too, the second says what the first would be without them.
    """

    clock: float
    processor: float


def ask_in_turn(
    ways: Sequence[Way], work: str, questions: Sequence[Question], budget_s: float
) -> dict[str, list[Took]]:
    """What each answer took, by way. Rounds are whole; none begins that would probably exceed the budget.

    The ways must be warm: asked the same before.
    """
    times: dict[str, list[Took]] = {way.name: [] for way in ways}
    gc.collect()
    for way in ways:
        if server := server_of(way):
            server.look()
    spent = longest = 0.0
    for number in range(MOST_ROUNDS):
        if number >= LEAST_ROUNDS and spent + longest > budget_s:
            break
        started = time.perf_counter()
        for at, question in enumerate(questions):
            # Whoever is asked first finds the processor's caches as another way left them: each in its turn.
            first = (at + number) % len(ways)
            for way in (*ways[first:], *ways[:first]):
                times[way.name].append(
                    took(lambda way=way, question=question: getattr(way, work)(question), server_of(way))
                )
        longest = max(longest, time.perf_counter() - started)
        spent += time.perf_counter() - started
    return times


def server_of(way: Way) -> ServerTime | None:
    """What tells the time of the server that a way asks, where it asks one."""
    return getattr(way, "server_time", None)


def took(work: Callable[[], object], server: ServerTime | None = None) -> Took:
    """What the work takes, in this thread and in the processes of a server."""
    served = server.seconds() if server else 0.0
    started, worked = time.perf_counter(), time.thread_time()
    work()
    clock, processor = time.perf_counter() - started, time.thread_time() - worked
    return Took(clock, processor + (server.seconds() - served if server else 0.0))


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes, by the clock."""
    return took(work).clock


class Stopwatch:
    """Adds up the time that a source of suppliers takes, to be left out of the time of those who read it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.worked = 0.0

    def timing(self, suppliers: Iterable[SupplierDocument]) -> Iterator[SupplierDocument]:
        remaining = iter(suppliers)
        while True:
            started, worked = time.perf_counter(), time.process_time()
            supplier = next(remaining, None)
            self.seconds += time.perf_counter() - started
            self.worked += time.process_time() - worked
            if supplier is None:
                return
            yield supplier


def build_apart(way: Way, suppliers: Callable[[], Iterable[SupplierDocument]]) -> tuple[Took, float]:
    """Build in a process of its own; what it takes without making the suppliers, and the most memory (bytes).

    So that the memory of building is not counted as memory of answering.
    """
    receiver, sender = get_context("fork").Pipe(duplex=False)
    builder = get_context("fork").Process(target=_build, args=(way, suppliers, sender))
    builder.start()
    sender.close()
    try:
        took_to_build, memory = receiver.recv()
    except EOFError:
        raise RuntimeError(f"building {way.name} failed") from None
    finally:
        builder.join()
    return took_to_build, memory


def _build(way: Way, suppliers: Callable[[], Iterable[SupplierDocument]], sender: Connection) -> None:
    before = resident_memory()
    making = Stopwatch()
    worked = _worked()
    clock = timed(lambda: way.build(making.timing(suppliers())))
    worked = _worked() - worked - making.worked
    several = getattr(way, "builders", 1)
    if server := server_of(way):
        # its processes began with this build and last until this process ends
        server.look()
        worked += server.seconds()
    most = 1_024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if several > 1:
        # as if all had been as large as the largest at the same time
        most += several * 1_024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # what others build while suppliers are made cannot be told from the making: then the making counts too
    clock -= 0.0 if several > 1 else making.seconds
    sender.send((Took(clock, worked), max(0, most - before)))


def _worked() -> float:
    """Seconds of the processor that this process has had, with those of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def resident_memory() -> int:
    """Bytes of this process in memory; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def disk_usage(folder: Path) -> int:
    """Bytes of all files in a folder and below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
