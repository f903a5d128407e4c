"""Movements of a group's cassa, by its editors: each authorises, writes once by its key, records and commits."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.households.models import Household
from marketplace.ledger import writing
from marketplace.ledger.entries import AccountKey, Draft, EntryKind
from marketplace.ledger.models import Account, Entry
from marketplace.ledger.writing import Movement, taking_back, today
from marketplace.permissions import require_role

#: Years away from today in which a movement may fall; anything else is a slip of the pen.
_YEARS = 10


def record_movement(
    session: Session,
    actor: User,
    organisation_id: int,
    draft: Draft,
    *,
    now: datetime,
    key: str,
    day: date | None = None,
    text: str = "",
    cycle_id: int | None = None,
) -> Entry:
    """Write one movement; with the same ``key`` again it is the same one. Raises :class:`NotFound` for strangers."""
    require_role(session, actor, organisation_id)
    _check(session, organisation_id, draft)
    day = _day(day, now)
    writing.hold(session, organisation_id)
    if (kept := entry_by_key(session, organisation_id, key)) is not None:
        session.rollback()
        return kept
    made = writing.write_all(
        session,
        organisation_id,
        [Movement(draft, day, text, key, cycle_id)],
        now=now,
        actor_id=actor.id,
    )[0]
    audit.record(session, now=now, actor_id=actor.id, verb="ledger.recorded", subject=made, kind=made.kind)
    session.commit()
    return made


def correct(
    session: Session,
    actor: User,
    entry_id: int,
    instead: Draft | None = None,
    *,
    now: datetime,
    text: str = "",
    day: date | None = None,
) -> Entry:
    """Take a movement back, and write another ``instead``; both are new entries. The reversal is given back.

    What was taken back already stays so (the same reversal is given). A reversal itself is not taken back: record the
    movement anew.
    """
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise NotFound
    require_role(session, actor, entry.organisation_id)
    if entry.kind == EntryKind.REVERSAL:
        raise Conflict(_("This entry takes another one back: record the movement anew."), code="reversal")
    writing.hold(session, entry.organisation_id)
    if (kept := _reversal_of(session, entry.id)) is not None:
        session.rollback()
        return kept
    if instead is not None:
        _check(session, entry.organisation_id, instead)
    made = writing.write_all(
        session,
        entry.organisation_id,
        [taking_back(entry, today(now), text)]
        + ([Movement(instead, _day(day, now), text, cycle_id=entry.cycle_id)] if instead else []),
        now=now,
        actor_id=actor.id,
    )
    audit.record(
        session, now=now, actor_id=actor.id, verb="ledger.corrected", subject=entry, reversal=made[0].id
    )
    session.commit()
    return made[0]


def entry_by_key(session: Session, organisation_id: int, key: str) -> Entry | None:
    return session.scalar(sa.select(Entry).where(Entry.organisation_id == organisation_id, Entry.key == key))


def _reversal_of(session: Session, entry_id: int) -> Entry | None:
    return session.scalar(sa.select(Entry).where(Entry.reverses_id == entry_id))


def _check(session: Session, organisation_id: int, draft: Draft) -> None:
    """Every household, and every account given by its id, is of this group. Raises :class:`NotFound`."""
    homes = {key.household for key in draft.sides if isinstance(key, AccountKey) and key.household}
    ids = {key for key in draft.sides if not isinstance(key, AccountKey)}
    for wanted, table in ((homes, Household), (ids, Account)):
        if not wanted:
            continue
        own = session.scalar(
            sa.select(sa.func.count(table.id)).where(
                table.organisation_id == organisation_id, table.id.in_(wanted)
            )
        )
        if own != len(wanted):
            raise NotFound


def _day(day: date | None, now: datetime) -> date:
    if day is None:
        return today(now)
    if abs(day.year - today(now).year) > _YEARS:
        raise Invalid(_("Write a day near today."), code="invalid", field="day")
    return day
