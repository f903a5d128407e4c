"""What surrounds a demand: the half-filled draft, the files beside it, what its buyer asks and made clear."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class DemandDraft(Model):
    """A form left half filled: ``fields`` holds what was typed, as [name, value] pairs, so that nothing is lost.

    It becomes a Demand when it is published, and goes. A resident's wish has no organisation.
    """

    __tablename__ = "demand_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    type: Mapped[str] = mapped_column(sa.String(24))
    title: Mapped[str] = mapped_column(sa.String(160), default="")
    fields: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list)
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("demand.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __mapper_args__ = {"version_id_col": version}


class DemandAttachment(Model):
    """A file that the buyer put beside a demand (or its draft, or a board): readable by whoever may read the demand."""

    __tablename__ = "demand_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int | None] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    draft_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("demand_draft.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(sa.String(160))
    file_name: Mapped[str] = mapped_column(sa.String(160))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    stored_as: Mapped[str] = mapped_column(sa.String(80))
    uploaded_by_id: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.CheckConstraint("(demand_id IS NULL) != (draft_id IS NULL)", name="one_home"),)


class Clarification(Model):
    """What the buyer made clear while the demand was open; ``changes`` maps fields to [before, after], as text."""

    __tablename__ = "clarification"

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    text: Mapped[str] = mapped_column(sa.Text, default="")
    changes: Mapped[dict] = mapped_column(sa.JSON, default=dict)


class Prompt(Model):
    """A question that the buyer of a consultation asks everybody (PRACTICE, Public buyers 1)."""

    __tablename__ = "prompt"

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(500))

    __table_args__ = (sa.UniqueConstraint("demand_id", "position"),)
