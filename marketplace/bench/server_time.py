"""Processor time of the processes that serve one database, read from /proc where the server is on this machine.

A server's own statistics say how long a statement took by the clock; on a shared machine that says little.
"""

from pathlib import Path

PROC = Path("/proc")
NANOSECONDS = 1_000_000_000


class ServerTime:
    """Of the processes that are connected to a database; 0 where the system does not tell."""

    def __init__(self, database: str) -> None:
        self._mark = f" {database} ".encode()
        self._files: list[Path] = []

    def look(self) -> None:
        """Find the processes: before measuring, and whenever a connection may have been opened since."""
        self._files = [
            path.parent / "schedstat" for path in PROC.glob("[0-9]*/cmdline") if self._serves(path)
        ]

    def seconds(self) -> float:
        """The processor time that those processes have had since they began."""
        return sum(map(_nanoseconds, self._files)) / NANOSECONDS

    def _serves(self, path: Path) -> bool:
        # PostgreSQL names its processes "postgres: user database client what it does"
        try:
            named = path.read_bytes()
        except OSError:
            return False
        return named.startswith(b"postgres: ") and self._mark in named


def _nanoseconds(path: Path) -> int:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0
