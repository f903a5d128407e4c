"""Files that people upload, kept in ``$INSTANCE/uploads`` under the hash of what they contain.

The name that somebody gave a file never touches the disk, and the same content is kept once. What a file is
allowed to contain is judged by :mod:`marketplace.upload_content`, before.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from marketplace.db import Model

#: The table that holds contents, and names none (stored_files).
KEPT_IN_DATABASE = "stored_file"
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
        # as young as one written now: what nothing names yet is left alone for a day (orphan_files)
        os.utime(path)
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
    """Remove the content, where it still is, whoever names it; mostly :func:`forget` is meant."""
    _path(stored_as).unlink(missing_ok=True)


def forget(session: Session, names: Iterable[str]) -> None:
    """Remove what no row of any table names any more: the same content may be a photo here and a document there.

    After the rows are gone and committed.
    """
    names = set(names) - {""}
    if not names:
        return
    used: set[str] = set()
    for column in naming_columns():
        used.update(session.scalars(sa.select(column).where(column.in_(names)).distinct()))
    session.rollback()
    for name in names - used:
        delete(name)


def naming_columns() -> list[sa.Column]:
    """Every column that names an upload: those called ``stored_as``, whoever's table it is."""
    return [
        table.c.stored_as
        for table in Model.metadata.sorted_tables
        if "stored_as" in table.c and table.name != KEPT_IN_DATABASE
    ]


def folder() -> Path:
    """Where the files lie: two levels of folders, then a file by its hash."""
    return Path(current_app.instance_path) / "uploads"


def _path(stored_as: str) -> Path:
    if not _STORED_AS.fullmatch(stored_as):
        raise FileNotFoundError("not the name of an upload")
    return folder() / stored_as
