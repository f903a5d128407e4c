"""The folder that the processes of one test session share, and what is left of sessions that were killed."""

import os
import shutil
import tempfile
from pathlib import Path

from tests.support.postgres import stop_shared_server

_PREFIX = "incontro-tests-"
#: Files that are kept in memory, on Linux.
_MEMORY = Path("/dev/shm")
#: What the databases of a session may grow to, in bytes, many times over.
_ROOM = 4 * 2**30


def open_session_folder(*, in_memory: bool = True) -> Path:
    """A new folder, readable on the way to PostgreSQL's part of it by the user postgres.

    In memory where there is room, unless it is told otherwise or ``TMPDIR`` names a place: a copy of a database then
    takes a twentieth of the time. What is measured is measured on a disk.
    """
    _sweep()
    folder = Path(
        tempfile.mkdtemp(
            prefix=f"{_PREFIX}{os.getpid()}-", dir=_MEMORY if in_memory and _has_room() else None
        )
    )
    folder.chmod(0o711)
    return folder


def close_session_folder(folder: Path) -> None:
    stop_shared_server(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _has_room() -> bool:
    return (
        "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    )


def _sweep() -> None:
    """Close the folders whose session was killed: its server would run for ever."""
    for folder in (
        path for place in (_MEMORY, Path(tempfile.gettempdir())) for path in place.glob(f"{_PREFIX}*")
    ):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc/self").exists():
            close_session_folder(folder)
