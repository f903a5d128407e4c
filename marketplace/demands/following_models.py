"""Who wants to hear of a request without asking, answering or writing."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, UTCDateTime


class DemandFollower(Model):
    """A person who follows a demand, for themselves and no organisation; ``closing_told_at`` once told that it closed."""

    __tablename__ = "demand_follower"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    demand_id: Mapped[int] = mapped_column(
        sa.ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    closing_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
