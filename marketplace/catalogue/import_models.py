"""Price lists that come in as files: how each supplier's is read, what the last import did, lists of who is not here."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class PrivateList(Model):
    """The price list of a supplier who is not here, seen by one group only, until the supplier takes it over.

    The supplier can be invited by mail; only a hash of the invitation's token is kept.
    """

    __tablename__ = "private_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    supplier_name: Mapped[str] = mapped_column(sa.String(160))
    supplier_email: Mapped[str] = mapped_column(sa.String(255), default="")
    vat_number: Mapped[str | None] = mapped_column(sa.String(20))
    contacts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    invitation_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_over_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="SET NULL")
    )
    taken_over_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PrivateListItem(Model):
    """One line of a private list; units as in :class:`marketplace.catalogue.models.Offer`."""

    __tablename__ = "private_list_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("private_list.id", ondelete="CASCADE"), index=True)
    key: Mapped[str | None] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    category: Mapped[str | None] = mapped_column(sa.String(80))
    unit: Mapped[str] = mapped_column(sa.String(20))
    price: Mapped[int | None] = mapped_column(sa.BigInteger)
    vat_treatment: Mapped[str] = mapped_column(sa.String(20), default="vat_22")
    vat_rate: Mapped[int] = mapped_column(default=2200)
    box_size: Mapped[int | None] = mapped_column(sa.BigInteger)
    minimum: Mapped[int | None] = mapped_column(sa.BigInteger)
    multiple: Mapped[int | None] = mapped_column(sa.BigInteger)
    maximum_per_member: Mapped[int | None] = mapped_column(sa.BigInteger)
    available: Mapped[int | None] = mapped_column(sa.BigInteger)
    active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.UniqueConstraint("list_id", "key"),)


class ImportMapping(Model):
    """How files with these headers are read, as somebody of the organisation last confirmed it.

    ``target`` is ``offers`` or ``list:ID``; ``signature`` a hash of the headers.
    """

    __tablename__ = "import_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    target: Mapped[str] = mapped_column(sa.String(24))
    signature: Mapped[str] = mapped_column(sa.String(64))
    mapping: Mapped[dict] = mapped_column(sa.JSON)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.UniqueConstraint("organisation_id", "target", "signature"),)


class ImportRun(Model):
    """One import, previewed or done: ``counts`` by outcome; ``undo`` what it takes to put back what was before."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    target: Mapped[str] = mapped_column(sa.String(24))
    actor_id: Mapped[int | None]
    source_name: Mapped[str] = mapped_column(sa.String(160))
    stored_as: Mapped[str] = mapped_column(sa.String(80), default="")
    settings: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    counts: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    undo: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
