"""The charges of an order that stand in a group's cassa."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ledger import writing
from marketplace.ledger.entries import EntryKind
from marketplace.ledger.models import Entry


def charges_so_far(
    session: Session, organisation_id: int, cycle_id: int
) -> tuple[dict[int, Entry], dict[int, int]]:
    """By basket: the charge that stands, and how many were ever written."""
    standing: dict[int, Entry] = {}
    tries: dict[int, int] = {}
    for entry, taken_back in session.execute(
        sa.select(Entry, writing.is_reversed()).where(
            Entry.organisation_id == organisation_id,
            Entry.cycle_id == cycle_id,
            Entry.kind == EntryKind.CHARGE,
            Entry.key.startswith(f"charge:{cycle_id}:", autoescape=True),
        )
    ):
        basket = int(entry.key.split(":")[2])
        tries[basket] = tries.get(basket, 0) + 1
        if not taken_back:
            standing[basket] = entry
    return standing, tries
