"""Uploads kept in the database, for installations of several machines that share nothing else."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class StoredFile(Model):
    """The content of an upload under the name of :mod:`marketplace.uploads` (from its SHA-256)."""

    __tablename__ = "stored_file"

    stored_as: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
