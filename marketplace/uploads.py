"""Files that people upload, kept under the hash of what they contain (where: :mod:`marketplace.upload_stores`).

The name that somebody gave a file is never a path, and the same content is kept once. What a file is
allowed to contain is judged by :mod:`marketplace.upload_content`, before.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from marketplace.clock import utc_now
from marketplace.db import Model, db
from marketplace.upload_stores import DatabaseStore, FolderStore, UploadStore

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
    store().put(stored_as, content, utc_now())
    return stored_as


def open(stored_as: str) -> BinaryIO:
    """The content, to be read. Raises ``FileNotFoundError``, also for what is no name of ours."""
    if not _STORED_AS.fullmatch(stored_as):
        raise FileNotFoundError("not the name of an upload")
    return store().open(stored_as)


def delete(stored_as: str) -> None:
    """Remove the content, where it still is, whoever names it; mostly :func:`forget` is meant."""
    if not _STORED_AS.fullmatch(stored_as):
        raise FileNotFoundError("not the name of an upload")
    store().remove(stored_as)


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
    """Where the files lie, where they are files: two levels of folders, then a file by its hash."""
    return Path(current_app.instance_path) / "uploads"


def store() -> UploadStore:
    """The store that ``UPLOADS`` names."""
    return DatabaseStore(db.session) if current_app.config["UPLOADS"] == "database" else FolderStore(folder())
