"""The buyer's own part of a report."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.choosing.access import require_buyer
from marketplace.choosing.models import ReportNotes
from marketplace.choosing.report_fields import MAX_LENGTH, REPORT_FIELDS
from marketplace.demands.models import Demand
from marketplace.demands.types import PUBLIC_TYPES
from marketplace.errors import Conflict, Invalid, NotFound


def save_notes(
    session: Session, actor: User, demand: Demand, fields: Mapping[str, str], version: int, *, now: datetime
) -> ReportNotes:
    """Keep what was written, if nobody else has kept something since ``version`` (0: there was nothing).

    Fields of unknown names are ignored. Raises :class:`marketplace.errors.NotFound` for all but the buyer of a public
    demand that ranks, :class:`Conflict` for an old version, :class:`Invalid` for a text that is too long.
    """
    require_buyer(session, actor, demand, now, ranked=True)
    if demand.type not in PUBLIC_TYPES:
        raise NotFound
    kept = {name: fields[name] for name in REPORT_FIELDS if fields.get(name)}
    for name, text in kept.items():
        if len(text) > MAX_LENGTH:
            raise Invalid(code="too_long", field=name)
    notes = session.get(ReportNotes, demand.id)
    if (notes.version if notes is not None else 0) != version:
        raise Conflict
    before = dict(notes.fields) if notes is not None else {}
    if notes is None:
        notes = ReportNotes(demand_id=demand.id)
        session.add(notes)
    notes.fields, notes.updated_by_id, notes.updated_at = kept, actor.id, now
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="report.noted",
        subject=demand,
        fields=[name for name in REPORT_FIELDS if kept.get(name) != before.get(name)],
    )
    session.commit()
    return notes
