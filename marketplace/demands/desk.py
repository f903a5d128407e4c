"""What of demands waits for the district's desk: a section of its page."""

from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.admin.queues import SECTIONS, SHOWN, Line, Section
from marketplace.demands.models import Demand
from marketplace.demands.wish_operations import waiting


def wishes(session: Session, now: datetime) -> Section:
    """Wishes of residents that nobody has read yet, the oldest first."""
    total = session.scalar(sa.select(sa.func.count(Demand.id)).where(*waiting()))
    rows = session.scalars(
        sa.select(Demand).where(*waiting()).order_by(Demand.created_at, Demand.id).limit(SHOWN)
    )
    lines = [
        Line(row.title, url_for("demands.wish", wish_id=row.id), row.created_at, row.place_label)
        for row in rows
    ]
    return Section("wishes", _("Wishes of residents"), total, lines)


def take_part() -> None:
    """Put the section on the desk's page."""
    if wishes not in SECTIONS:
        SECTIONS.append(wishes)
