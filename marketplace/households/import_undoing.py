"""Taking an import of a group back: all that it brought or nothing, and only while nothing has been built on it.

What an import brought stands in its audit event, as ids. Credits are taken back by entries of their own, for the cassa is
append-only; a household that has an account there stays as an erased one, without its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.audit import AuditEvent
from marketplace.errors import Conflict, NotFound
from marketplace.households.import_operations import IMPORTED
from marketplace.households.models import Household, HouseholdMember
from marketplace.ledger import writing
from marketplace.ledger.entries import EntryKind
from marketplace.ledger.models import Account, Entry, Side
from marketplace.orders.booking_models import Basket
from marketplace.organisations.models import Organisation
from marketplace.permissions import require_role

UNDONE = "households.import_undone"
#: Imports on the page of the households.
LAST_IMPORTS = 5


@dataclass(frozen=True, slots=True)
class Import:
    """An import that was not taken back; ``why_not`` says why it cannot be (a code), empty where it can."""

    event: AuditEvent
    why_not: str

    @property
    def new(self) -> int:
        return self.event.details["new"]

    @property
    def changed(self) -> int:
        return self.event.details["changed"]


def imports(session: Session, organisation_id: int) -> list[Import]:
    """The last imports of a group, the newest first; for its editors."""
    events = session.scalars(
        sa.select(AuditEvent)
        .where(_of(organisation_id), AuditEvent.verb == IMPORTED)
        .order_by(AuditEvent.id.desc())
        .limit(LAST_IMPORTS)
    ).all()
    undone = _undone(session, organisation_id)
    return [Import(event, why_not(session, event)) for event in events if event.id not in undone]


def why_not(session: Session, event: AuditEvent) -> str:
    """The code of what stands in the way of taking an import back, empty where nothing does."""
    if "households" not in event.details:
        return "unknown"
    if event.details["altered"]:
        return "altered"
    made, written = event.details["households"], event.details["entries"]
    if session.scalar(sa.select(Basket.id).where(Basket.household_id.in_(made)).limit(1)) is not None:
        return "booked"
    credited = sa.select(Side.account_id).where(Side.entry_id.in_(written))
    later = (
        sa.select(Entry.id)
        .join(Side, Side.entry_id == Entry.id)
        .join(Account, Account.id == Side.account_id)
        .where(
            Account.household_id.is_not(None),
            sa.or_(Account.household_id.in_(made), Account.id.in_(credited)),
            Entry.id.not_in(written),
            Entry.kind != EntryKind.REVERSAL,
            ~writing.is_reversed(),
        )
        .limit(1)
    )
    return "paid" if session.scalar(later) is not None else ""


def undo_import(
    session: Session, actor: User, organisation: Organisation, event_id: int, *, now: datetime
) -> int:
    """Take back what an import brought; how many households went. By an editor of the group.

    Raises :class:`NotFound` for what is no import of this group, :class:`Conflict` where it was taken back already,
    changed households that were there before, or somebody has booked or paid since.
    """
    require_role(session, actor, organisation.id)
    writing.hold(session, organisation.id)
    event = session.scalar(
        sa.select(AuditEvent).where(
            _of(organisation.id), AuditEvent.verb == IMPORTED, AuditEvent.id == event_id
        )
    )
    if event is None:
        raise NotFound
    if event.id in _undone(session, organisation.id):
        raise Conflict(_("This import was taken back already."), code="undone")
    # whoever books for one of them waits, and then finds no household
    homes = session.scalars(
        sa.select(Household)
        .where(
            Household.organisation_id == organisation.id,
            Household.id.in_(event.details.get("households", [])),
        )
        .order_by(Household.id)
        .with_for_update()
    ).all()
    if code := why_not(session, event):
        raise Conflict(_("Something has been built on this import: it stays."), code=code)
    _take_credits_back(session, organisation.id, event.details["entries"], actor, now)
    _remove(session, homes, now)
    audit.record(
        session, now=now, actor_id=actor.id, verb=UNDONE, subject=organisation, event=event.id,
        households=len(homes), entries=len(event.details["entries"]),
    )  # fmt: skip
    session.commit()
    return len(homes)


def _take_credits_back(
    session: Session, organisation_id: int, written: Sequence[int], actor: User, now: datetime
) -> None:
    standing = session.scalars(
        sa.select(Entry)
        .where(Entry.organisation_id == organisation_id, Entry.id.in_(written), ~writing.is_reversed())
        .order_by(Entry.id)
    ).all()
    movements = [writing.taking_back(entry, writing.today(now), entry.text) for entry in standing]
    writing.write_all(session, organisation_id, movements, now=now, actor_id=actor.id)


def _remove(session: Session, homes: Sequence[Household], now: datetime) -> None:
    ids = [home.id for home in homes]
    kept = set(session.scalars(sa.select(Account.household_id).where(Account.household_id.in_(ids))))
    session.execute(sa.delete(HouseholdMember).where(HouseholdMember.household_id.in_(ids)))
    for home in homes:
        if home.id not in kept:
            session.delete(home)
            continue
        home.key, home.name, home.email, home.phone, home.note = None, "", "", "", ""
        home.left_on, home.erased_at = writing.today(now), now
    session.flush()


def _of(organisation_id: int):
    return sa.and_(AuditEvent.subject == Organisation.__tablename__, AuditEvent.subject_id == organisation_id)


def _undone(session: Session, organisation_id: int) -> set[int]:
    """The imports of a group that were taken back, by the id of their event."""
    found = session.scalars(
        sa.select(AuditEvent.details).where(_of(organisation_id), AuditEvent.verb == UNDONE)
    )
    return {details["event"] for details in found}
