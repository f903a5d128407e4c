"""The index folder: builds, commits, and the pointer that is swapped.

::

    index/
      CURRENT             "<build> <generation> <crc32 of the commit file>"
      LOCK                held by whoever writes
      build-<n>/
        commit-<generation>.json   segments, dead suppliers, size and checksum of every file
        <segment>.seg     Whoosh's file of one segment
        <segment>.npz     the columns of the suppliers of that segment
        _MAIN_<n>.toc     Whoosh's list of segments

Every file is written before ``CURRENT`` names the commit that needs it, and removed only after
``CURRENT`` names one that does not: a process that dies at any moment leaves the last commit whole.
Nothing is forced to the disk (no fsync): after a power cut a checksum tells what is missing, and
the index is a cache that can be built again.
"""

import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from whoosh.util.filelock import FileLock, try_for

from search.engine import EngineUnavailable

FORMAT = 5
"""Raised whenever what is stored, or how text becomes stems, changes: an index of another format is built anew."""
LOCK_TIMEOUT_S = 10.0
"""How long a writer waits for another one."""

_POINTER = re.compile(rb"(build-[0-9]{1,9}) ([0-9]{1,18}) ([0-9a-f]{8})\n")


class IndexDamaged(EngineUnavailable):
    """The index is missing, cut, altered or of another format: it must be rebuilt."""


class WriterBusy(EngineUnavailable):
    """Another process is writing; the same can be tried again later."""


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One segment: its name, whether it has a Whoosh file, its ``offers``, and the rows of its dead suppliers."""

    name: str
    searchable: bool
    offers: int
    dead: tuple[int, ...] = ()

    @property
    def segment_file(self) -> str:
        return f"{self.name}.seg"

    @property
    def columns_file(self) -> str:
        return f"{self.name}.npz"


@dataclass(frozen=True, slots=True)
class Commit:
    """A state of the index that can be read. ``files`` maps names to (size, crc32)."""

    build: str
    generation: int
    toc_generation: int
    tree_version: str
    segments: tuple[SegmentEntry, ...] = ()
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def toc_file(self) -> str:
        return f"_MAIN_{self.toc_generation}.toc"

    @property
    def file_name(self) -> str:
        return f"commit-{self.generation}.json"


class IndexFolder:
    """Reads and swaps commits. Every method raises :class:`IndexDamaged` for what cannot be trusted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pointer(self) -> bytes:
        """The content of CURRENT: it differs whenever the commit does."""
        try:
            return (self.path / "CURRENT").read_bytes()
        except OSError as error:
            raise IndexDamaged(f"no index in {self.path.name}: {error.strerror}") from error

    def commit(self, pointer: bytes) -> Commit:
        """The commit that a pointer names."""
        named = _POINTER.fullmatch(pointer)
        if not named:
            raise IndexDamaged("CURRENT is not readable")
        build, generation = named[1].decode(), int(named[2])
        content = self._read(build, f"commit-{generation}.json")
        if zlib.crc32(content) != int(named[3], 16):
            raise IndexDamaged("the commit file is damaged")
        stored = json.loads(content)
        if stored["format"] != FORMAT:
            raise IndexDamaged("the index is of another format")
        return Commit(
            build=build,
            generation=generation,
            toc_generation=stored["toc_generation"],
            tree_version=stored["tree_version"],
            segments=tuple(
                SegmentEntry(one["name"], one["searchable"], one["offers"], tuple(one["dead"]))
                for one in stored["segments"]
            ),
            files={name: tuple(check) for name, check in stored["files"].items()},
        )

    def read(self, commit: Commit, name: str) -> bytes:
        """A file of a commit, whole and as it was written."""
        content = self._read(commit.build, name)
        if (len(content), zlib.crc32(content)) != commit.files.get(name):
            raise IndexDamaged(f"{name} is damaged")
        return content

    def verify(self, pointer: bytes) -> None:
        """Read every file of the commit that a pointer names; all are as they were written."""
        commit = self.commit(pointer)
        for name in commit.files:
            self.read(commit, name)

    def _read(self, build: str, name: str) -> bytes:
        try:
            return (self.path / build / name).read_bytes()
        except OSError as error:
            raise IndexDamaged(f"{name} cannot be read: {error.strerror}") from error

    def signature(self, commit: Commit) -> dict[str, tuple[int, int, int]]:
        """By file, what changes when somebody touches it behind our back."""
        build = f"{self.path}/{commit.build}/"
        signature = {}
        try:
            for name in (commit.file_name, *commit.files):
                found = os.stat(build + name)
                signature[name] = found.st_size, found.st_mtime_ns, found.st_ino
        except OSError as error:
            raise IndexDamaged(f"a file of the index is gone: {error.strerror}") from error
        return signature

    # What only a writer does

    @contextmanager
    def locked(self, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
        """Hold the folder for writing. Raises :class:`WriterBusy` where another does for too long."""
        with writing():
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(str(self.path / "LOCK"))
            held = try_for(lock.acquire, timeout=timeout_s, delay=0.02)
        if not held:
            raise WriterBusy("another process is writing the index")
        try:
            yield
        finally:
            lock.release()

    def new_build(self) -> str:
        """An empty folder for a build, numbered above all others."""
        numbers = [int(path.name[6:]) for path in self.path.glob("build-*") if path.name[6:].isdigit()]
        build = f"build-{max(numbers, default=0) + 1}"
        (self.path / build).mkdir()
        return build

    def checks(self, build: str, name: str) -> tuple[int, int]:
        """Size and checksum of a file as it is now."""
        content = (self.path / build / name).read_bytes()
        return len(content), zlib.crc32(content)

    def swap(self, commit: Commit) -> None:
        """Make a commit the current one, for every process at once; then clear away what it does not need."""
        stored = {
            "format": FORMAT,
            "toc_generation": commit.toc_generation,
            "tree_version": commit.tree_version,
            "segments": [asdict(one) for one in commit.segments],
            "files": commit.files,
        }
        content = json.dumps(stored, separators=(",", ":")).encode()
        (self.path / commit.build / commit.file_name).write_bytes(content)
        pointer = f"{commit.build} {commit.generation} {zlib.crc32(content):08x}\n".encode()
        beside = self.path / "CURRENT.new"
        beside.write_bytes(pointer)
        beside.replace(self.path / "CURRENT")
        self.clear(commit)

    def clear(self, commit: Commit) -> None:
        """Remove other builds, and files that the commit does not list. What cannot be removed stays."""
        for path in self.path.glob("build-*"):
            if path.name != commit.build:
                shutil.rmtree(path, ignore_errors=True)
        needed = {commit.file_name, *commit.files}
        for path in (self.path / commit.build).iterdir():
            if path.name not in needed:
                with suppress(OSError):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def writing() -> Iterator[None]:
    """Turns what a full or read-only disk says into :class:`EngineUnavailable`."""
    try:
        yield
    except OSError as error:
        raise EngineUnavailable(f"the index cannot be written: {error.strerror}") from error
