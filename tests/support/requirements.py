"""What the tests need of the machine beyond Python, and whether this machine has it."""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

#: The names under which distributions install the browser, most likely first.
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def missing(name: str) -> str | None:
    """Why ``name`` cannot be had on this machine, as one line, or None where it can."""
    return _PROBES[name]()


def chromium_path() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def postgres_programs() -> Path | None:
    """The folder with initdb and pg_ctl of the newest PostgreSQL that has PostGIS beside it."""
    homes = (path for path in Path("/usr/lib/postgresql").glob("*") if path.name.isdigit())
    for home in sorted(homes, key=lambda path: int(path.name), reverse=True):
        control = Path("/usr/share/postgresql", home.name, "extension/postgis.control")
        if (home / "bin/initdb").exists() and control.exists():
            return home / "bin"
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    return None


@cache
def _missing_chromium() -> str | None:
    return None if chromium_path() else f"none of {', '.join(CHROMIUM_NAMES)} is on the PATH"


@cache
def _missing_postgres() -> str | None:
    if postgres_programs() is None:
        return "no PostgreSQL server with PostGIS is installed"
    if os.geteuid() == 0 and not shutil.which("runuser"):
        return "PostgreSQL refuses to run as root, and there is no runuser to become somebody else"
    return None


@cache
def _missing_poppler() -> str | None:
    wanted = [name for name in ("pdftotext", "pdftoppm") if not shutil.which(name)]
    return f"{' and '.join(wanted)} not on the PATH" if wanted else None


_PROBES: dict[str, Callable[[], str | None]] = {
    "chromium": _missing_chromium,
    "poppler": _missing_poppler,
    "postgres": _missing_postgres,
}
