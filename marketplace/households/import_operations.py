"""Taking a group in from a file: households, and their credits as opening entries of the cassa, all or nothing."""

from collections import Counter
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.households.import_plan import Known, PlannedRow, plan_households
from marketplace.households.models import Household, HouseholdMember
from marketplace.households.operations import require_group
from marketplace.households.queries import settings_of
from marketplace.ledger import entries, writing
from marketplace.ledger.models import Entry
from marketplace.organisations.models import Membership, Organisation
from marketplace.permissions import require_role
from marketplace.price_lists.sheets.sheet import Sheet
from marketplace.rome_time import ROME

#: The audit's word for an import; its details name what :mod:`marketplace.households.import_undoing` takes back.
IMPORTED = "households.imported"
_OPENING = "opening-household-"


def plan_import(session: Session, actor: User, organisation: Organisation, sheet: Sheet) -> list[PlannedRow]:
    """What the file would do, for an editor of the group; nothing is written."""
    require_role(session, actor, organisation.id)
    require_group(organisation)
    return plan_households(sheet, _known(session, organisation.id))


def import_households(
    session: Session, actor: User, organisation: Organisation, sheet: Sheet, *, now: datetime
) -> list[PlannedRow]:
    """Do it, in one transaction, by an editor of the group; what was rejected is left out.

    Decided anew on what is there now, so that the same file again changes nothing. Credits are taken where the group
    keeps accounts: once per household, whatever a later file says. Whoever of the group has the address of a household
    that nobody books for books for it.
    """
    require_role(session, actor, organisation.id)
    require_group(organisation)
    writing.hold(session, organisation.id)
    rows = plan_households(sheet, _known(session, organisation.id))
    takes_credits = settings_of(session, organisation.id).keeps_accounts
    tries = opening_tries(session, organisation.id) if takes_credits else {}
    movements, made = [], []
    for row in rows:
        if row.kind in ("rejected", "unchanged"):
            continue
        household = _write(session, organisation.id, row, now)
        if row.kind == "new":
            made.append(household.id)
        if takes_credits and row.credit:
            movements.append(
                writing.Movement(
                    entries.opening(entries.household(household.id), row.credit),
                    now.astimezone(ROME).date(),
                    key=_key(household.id, tries.get(household.id, 0) + 1),
                )
            )
    _link_people(session, organisation.id)
    written = writing.write_all(session, organisation.id, movements, now=now, actor_id=actor.id)
    kinds = [row.kind for row in rows]
    if set(kinds) & {"new", "changed"}:
        audit.record(
            session, now=now, actor_id=actor.id, verb=IMPORTED, subject=organisation, new=kinds.count("new"),
            changed=kinds.count("changed"), credits=len(movements), households=made,
            entries=[entry.id for entry in written], altered=sum(bool(row.values) for row in rows if row.kind == "changed"),
        )  # fmt: skip
    session.commit()
    return rows


def _key(household_id: int, number: int) -> str:
    return f"{_OPENING}{household_id}" + (f":{number}" if number > 1 else "")


def opening_tries(session: Session, organisation_id: int, *, standing: bool = False) -> dict[int, int]:
    """By household: how many credits were ever brought in; with ``standing`` those that were not taken back since."""
    query = sa.select(Entry.key).where(
        Entry.organisation_id == organisation_id, Entry.key.startswith(_OPENING, autoescape=True)
    )
    if standing:
        query = query.where(~writing.is_reversed())
    return dict(Counter(int(key.removeprefix(_OPENING).partition(":")[0]) for key in session.scalars(query)))


def _known(session: Session, organisation_id: int) -> list[Known]:
    found = session.scalars(
        sa.select(Household)
        .where(Household.organisation_id == organisation_id, Household.erased_at.is_(None))
        .order_by(Household.id)
    ).all()
    opened = opening_tries(session, organisation_id, standing=True)
    return [
        Known(one.id, one.key, one.name, one.email, one.phone, one.joined_on, one.id in opened)
        for one in found
    ]


def _write(session: Session, organisation_id: int, row: PlannedRow, now: datetime) -> Household:
    if row.household_id is None:
        household = Household(
            organisation_id=organisation_id, created_at=now, **{"joined_on": now.date()} | dict(row.values)
        )
        session.add(household)
    else:
        household = session.get_one(Household, row.household_id)
        for name, value in row.values.items():
            setattr(household, name, value)
    session.flush()
    return household


def _link_people(session: Session, organisation_id: int) -> None:
    linked = sa.select(HouseholdMember.household_id)
    rows = session.execute(
        sa.select(Household.id, User.id)
        .join(User, sa.func.lower(User.email) == sa.func.lower(Household.email))
        .join(
            Membership,
            sa.and_(Membership.person_id == User.id, Membership.organisation_id == organisation_id),
        )
        .where(Household.organisation_id == organisation_id, Household.id.not_in(linked))
        .distinct()
    ).all()
    session.add_all(HouseholdMember(household_id=household, person_id=person) for household, person in rows)
    session.flush()
