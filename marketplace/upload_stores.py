"""Where the contents of uploads are: in a folder of the instance, or in the database.

The folder is for one machine. In the database (``UPLOADS=database``) they are wherever it is, for web processes on
several machines that share nothing else; a backup of it holds them, and a row and its content are kept together.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.db import writing
from marketplace.stored_files import StoredFile


class UploadStore(Protocol):
    """Contents by name. What is put again is as young as what is new."""

    def put(self, stored_as: str, content: bytes, now: datetime) -> None:
        """Keep it whole or not at all. Raises ``OSError`` or SQLAlchemy's errors where there is no room."""

    def open(self, stored_as: str) -> BinaryIO:
        """Raises ``FileNotFoundError``."""

    def remove(self, stored_as: str, *, older_than: datetime | None = None) -> bool:
        """Whether there was one, and old enough where that is asked. It is gone for good when this returns."""

    def older_than(self, limit: datetime) -> Iterator[str]:
        """Names of what was last put before then, half-written ones of a crash among them."""


class FolderStore:
    """Two levels of folders, then a file by its hash; written beside and renamed, readable by us alone."""

    def __init__(self, folder: Path):
        self._folder = folder

    def put(self, stored_as: str, content: bytes, now: datetime) -> None:
        path = self._folder / stored_as
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size == len(content):
            os.utime(path)
            return
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

    def open(self, stored_as: str) -> BinaryIO:
        return (self._folder / stored_as).open("rb")

    def remove(self, stored_as: str, *, older_than: datetime | None = None) -> bool:
        path = self._folder / stored_as
        try:
            if older_than is not None and path.stat().st_mtime > older_than.timestamp():
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    def older_than(self, limit: datetime) -> Iterator[str]:
        for path in self._folder.glob("??/??/*"):
            try:
                old = path.stat().st_mtime <= limit.timestamp()
            except FileNotFoundError:
                continue
            if old:
                yield path.relative_to(self._folder).as_posix()


class DatabaseStore:
    """Rows of ``stored_file``, put in the running transaction: with the row that names it, or not at all."""

    def __init__(self, session: Session):
        self._session = session

    def put(self, stored_as: str, content: bytes, now: datetime) -> None:
        again = sa.update(StoredFile).where(StoredFile.stored_as == stored_as).values(created_at=now)
        if self._session.execute(again).rowcount == 0:
            self._session.add(
                StoredFile(stored_as=stored_as, content=content, size=len(content), created_at=now)
            )
            self._session.flush()

    def open(self, stored_as: str) -> BinaryIO:
        content = self._session.scalar(sa.select(StoredFile.content).where(StoredFile.stored_as == stored_as))
        if content is None:
            raise FileNotFoundError(stored_as)
        return BytesIO(content)

    def remove(self, stored_as: str, *, older_than: datetime | None = None) -> bool:
        gone = sa.delete(StoredFile).where(StoredFile.stored_as == stored_as)
        if older_than is not None:
            gone = gone.where(StoredFile.created_at <= older_than)
        with writing():
            removed = self._session.execute(gone).rowcount > 0
            self._session.commit()
        return removed

    def older_than(self, limit: datetime) -> Iterator[str]:
        yield from self._session.scalars(
            sa.select(StoredFile.stored_as).where(StoredFile.created_at <= limit)
        ).all()
