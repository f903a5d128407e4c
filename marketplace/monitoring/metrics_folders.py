"""The folders in which web processes count, and what is left of them where they were killed."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

#: Then the id of the first of the processes, then a hyphen and something drawn.
METRICS_FOLDER = "incontro-metrics-"


def sweep_metrics(where: Path) -> None:
    """Remove the folders of this user's processes that are there no more; what cannot be removed stays."""
    for folder in where.glob(f"{METRICS_FOLDER}*"):
        process = folder.name.removeprefix(METRICS_FOLDER).partition("-")[0]
        with suppress(OSError):
            if process.isdigit() and folder.stat().st_uid == os.getuid() and not _is_there(int(process)):
                shutil.rmtree(folder)


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    return True
