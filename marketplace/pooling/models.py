"""Which needs were joined into a common one, and who was told that theirs could be."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class PooledNeed(Model):
    """A group's own need that is part of a common one. It stays the group's; the common one adds quantities up."""

    __tablename__ = "pooled_need"

    common_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True)
    demand_id: Mapped[int] = mapped_column(
        sa.ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    agreed_by_id: Mapped[int | None]
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PoolNotice(Model):
    """A demand's group was told, once, that its need and others pass the minimum of an offer together."""

    __tablename__ = "pool_notice"

    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
