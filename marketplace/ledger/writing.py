"""Writing movements down, within the caller's transaction: accounts where there are none yet, each key once.

One group's cassa is written by one at a time: whoever writes holds the group first (:func:`hold`). SQLite has one
writer anyway; on PostgreSQL the second waits, and then sees what the first wrote.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ledger.entries import AccountKey, Draft, reversal
from marketplace.ledger.models import Account, Entry, Side
from marketplace.organisations.models import Organisation
from marketplace.rome_time import ROME


@dataclass(frozen=True, slots=True)
class Movement:
    """A draft with what is said about it. ``key`` makes what happens once happen once."""

    draft: Draft
    day: date
    text: str = ""
    key: str | None = None
    cycle_id: int | None = None
    reverses_id: int | None = None


def hold(session: Session, organisation_id: int) -> None:
    """Nobody else writes in this cassa until the transaction ends."""
    # not the whole row: whoever only refers to the organisation does not wait
    session.execute(
        sa.select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    )


def account_ids(
    session: Session, organisation_id: int, keys: Iterable[AccountKey], now: datetime
) -> dict[AccountKey, int]:
    """The id of each account, made where it is new; the group is held."""
    keys = set(keys)
    if not keys:
        return {}
    found = {
        AccountKey(row.kind, row.household_id, row.name): row.id
        for row in session.execute(
            sa.select(Account.id, Account.kind, Account.household_id, Account.name).where(
                Account.organisation_id == organisation_id, Account.kind.in_({key.kind for key in keys})
            )
        )
    }
    made = [
        Account(
            organisation_id=organisation_id,
            kind=key.kind,
            household_id=key.household,
            name=key.name,
            created_at=now,
        )
        for key in sorted(keys - found.keys(), key=lambda key: (key.kind, key.household or 0, key.name))
    ]
    session.add_all(made)
    session.flush()
    found |= {AccountKey(row.kind, row.household_id, row.name): row.id for row in made}
    return {key: found[key] for key in keys}


def write_all(
    session: Session,
    organisation_id: int,
    movements: Iterable[Movement],
    *,
    now: datetime,
    actor_id: int | None,
    accounts: Mapping[AccountKey, int] | None = None,
) -> list[Entry]:
    """The new entries. Sides are by :class:`AccountKey`, or by id where they come from an entry that is taken back."""
    movements = list(movements)
    if accounts is None:
        keys = {key for one in movements for key in one.draft.sides if isinstance(key, AccountKey)}
        accounts = account_ids(session, organisation_id, keys, now)
    made = [
        Entry(
            organisation_id=organisation_id,
            at=now,
            day=one.day,
            kind=one.draft.kind,
            text=one.text[:200],
            cycle_id=one.cycle_id,
            reverses_id=one.reverses_id,
            key=one.key,
            actor_id=actor_id,
            sides=[
                Side(position=position, account_id=accounts.get(account, account), amount=cents)
                for position, (account, cents) in enumerate(one.draft.sides.items())
            ],
        )
        for one in movements
    ]
    session.add_all(made)
    session.flush()
    return made


def sides_of(entry: Entry) -> dict[int, int]:
    """An entry's sides by the account's id."""
    return {side.account_id: side.amount for side in entry.sides}


def is_reversed():
    """SQL: the entry was taken back."""
    later = sa.orm.aliased(Entry)
    return sa.exists(sa.select(later.id).where(later.reverses_id == Entry.id).correlate(Entry))


def taking_back(entry: Entry, day: date, text: str) -> Movement:
    """The movement that undoes an entry."""
    return Movement(
        reversal(sides_of(entry)),
        day,
        text,
        cycle_id=entry.cycle_id,
        reverses_id=entry.id,
    )


def today(now: datetime) -> date:
    return now.astimezone(ROME).date()
