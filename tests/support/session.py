"""The folder that the processes of one test session share, and what is left of sessions that were killed."""

import os
import shutil
import tempfile
from pathlib import Path

from tests.support.postgres import stop_shared_server

_PREFIX = "incontro-tests-"


def open_session_folder() -> Path:
    """A new folder, readable on the way to PostgreSQL's part of it by the user postgres."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)
    return folder


def close_session_folder(folder: Path) -> None:
    stop_shared_server(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Close the folders whose session was killed: its server would run for ever."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc/self").exists():
            close_session_folder(folder)
