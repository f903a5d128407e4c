"""Guards before anything is unpacked: what a zip file says of itself must be believable, and stays counted while read.

XLSX and ODS are zip files; a small one can unpack to gigabytes (ORDEAL 21).
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from marketplace.price_lists.sheets.sheet import Unreadable

#: Bytes that all parts together may unpack to.
MAX_UNPACKED = 40 * 1024 * 1024
#: Times that a part may be larger unpacked than packed; text of spreadsheets rarely exceeds forty.
MAX_RATIO = 150
MAX_PARTS = 500
#: Below this a high ratio does no harm.
_SMALL = 1024 * 1024


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """A zip file whose parts have been judged. Raises :class:`Unreadable`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("broken_file") from None
    with archive:
        _judge(archive.infolist())
        yield archive


def _judge(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise Unreadable("too_many_parts", count=len(parts), limit=MAX_PARTS)
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED:
        raise Unreadable("unpacks_too_large", megabytes=total // 1_000_000, limit=MAX_UNPACKED // 1_000_000)
    for part in parts:
        if part.flag_bits & 1:
            raise Unreadable("encrypted")
        if part.file_size > _SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise Unreadable(
                "unpacks_too_large", megabytes=total // 1_000_000, limit=MAX_UNPACKED // 1_000_000
            )
        if part.filename.lower().endswith((".zip", ".xlsx", ".ods", ".7z", ".rar", ".gz")):
            raise Unreadable("packed_twice", name=part.filename[:80])


def read_part(archive: zipfile.ZipFile, name: str, limit: int = MAX_UNPACKED) -> bytes:
    """A part, never more than it said. Raises :class:`Unreadable` where it is not there or lies about its size."""
    try:
        with archive.open(name) as part:
            content = part.read(min(archive.getinfo(name).file_size, limit) + 1)
    except KeyError:
        raise Unreadable("part_missing", name=name) from None
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise Unreadable("broken_file") from None
    except Exception as reason:  # zlib.error is no subclass of any of these
        if type(reason).__name__ != "error":
            raise
        raise Unreadable("broken_file") from None
    if len(content) > limit:
        raise Unreadable("unpacks_too_large", megabytes=len(content) // 1_000_000, limit=limit // 1_000_000)
    return content
