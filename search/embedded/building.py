"""Large builds by several processes: each makes whole little indexes of batches, whose segments are then taken over.

Python computes on one core in one process, and a build is nothing but computing. What passes between the processes
are suppliers one way and file names the other. A builder ends when its pipe does, also where the process that
started it was killed.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from search.documents import SupplierDocument
from search.embedded.folder import IndexFolder
from search.engine import EngineUnavailable
from search.offer_stems import OfferAnalysis

MOST_BUILDERS = 2
"""Each holds a batch and Whoosh's buffers for it, some 400 MB, which a small server has twice, not more often."""

PART = "part-{}"
"""The folder of a part, while it is being built."""

#: Not forked: whoever rebuilds may have threads and open connections, which a copy of it must not touch.
_PROCESSES = get_context("spawn")


def builders() -> int:
    """How many processes build at once on this machine."""
    return min(MOST_BUILDERS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)


def build_parts(
    batches: Iterable[Sequence[SupplierDocument]],
    folder: Path,
    analysis: OfferAnalysis,
    tree_version: str,
    processes: int,
) -> Iterator[IndexFolder]:
    """An index of each batch, in the order of the batches, each in a folder of its own below ``folder``.

    Raises :class:`EngineUnavailable` where one cannot be written, or a builder ends before its time.
    """
    with ExitStack() as ending:
        started = [_Builder(folder, analysis, tree_version) for _ in range(processes)]
        for builder in started:
            ending.callback(builder.end)
        busy: list[tuple[_Builder, IndexFolder]] = []
        for number, batch in enumerate(batches):
            if len(busy) == processes:
                builder, part = busy.pop(0)
                yield builder.finished(part)
            else:
                builder = started[len(busy)]
            busy.append((builder, builder.begin(number, batch)))
        for builder, part in busy:
            yield builder.finished(part)


class _Builder:
    """One process, seen from the one that started it."""

    def __init__(self, folder: Path, analysis: OfferAnalysis, tree_version: str) -> None:
        self._folder = folder
        self._pipe, theirs = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_build, args=(theirs, analysis, tree_version), daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, number: int, batch: Sequence[SupplierDocument]) -> IndexFolder:
        part = self._folder / PART.format(number)
        try:
            self._pipe.send((part, batch))
        except OSError as problem:
            raise EngineUnavailable("a process that builds the index has ended") from problem
        return IndexFolder(part)

    def finished(self, part: IndexFolder) -> IndexFolder:
        try:
            problem = self._pipe.recv()
        except (EOFError, OSError) as ended:
            raise EngineUnavailable("a process that builds the index has ended") from ended
        if problem is not None:
            raise EngineUnavailable(problem)
        return part

    def end(self) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()


def _build(pipe: Connection, analysis: OfferAnalysis, tree_version: str) -> None:
    # here, because the writer builds with this module
    from search.embedded.writing import IndexWriter

    while True:
        try:
            path, batch = pipe.recv()
        except EOFError:
            return
        problem = None
        try:
            IndexWriter(IndexFolder(path), analysis, tree_version, _nothing_there, processes=1).rebuild(batch)
        except EngineUnavailable as unavailable:
            problem = str(unavailable)
        try:
            pipe.send(problem)
        except OSError:
            return  # whoever waited for it is gone


def _nothing_there(*_: object) -> None:
    raise AssertionError("a build from nothing reads no older segment")
