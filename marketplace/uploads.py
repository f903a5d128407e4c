"""Files that people upload, kept in ``$INSTANCE/uploads`` under the hash of what they contain.

The name that somebody gave a file never touches the disk, and the same content is kept once. What a file is
allowed to contain is judged by :mod:`marketplace.upload_content`, before.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from flask import current_app

#: "ab/cd/" and the whole SHA-256 in hexadecimal digits.
_STORED_AS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")


def save(content: bytes) -> str:
    """Keep the content and give the name to find it by; nothing is left behind where the disk is full.

    Raises ``OSError``. Write the row that names it in the same request: what no row names is rubbish.
    """
    digest = hashlib.sha256(content).hexdigest()
    stored_as = f"{digest[:2]}/{digest[2:4]}/{digest}"
    path = _path(stored_as)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size == len(content):
        return stored_as
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # whole or not there, for whoever reads meanwhile; mkstemp made it readable by nobody else
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return stored_as


def open(stored_as: str) -> BinaryIO:
    """The content, to be read. Raises ``FileNotFoundError``, also for what is no name of ours."""
    return _path(stored_as).open("rb")


def delete(stored_as: str) -> None:
    """Remove the content, where it still is; the caller has made sure that no other row names it."""
    _path(stored_as).unlink(missing_ok=True)


def _path(stored_as: str) -> Path:
    if not _STORED_AS.fullmatch(stored_as):
        raise FileNotFoundError("not the name of an upload")
    return Path(current_app.instance_path) / "uploads" / stored_as
