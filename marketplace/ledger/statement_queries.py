"""Lines of the bank's statements: those that wait with whose they may be, and those that are done."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.households.queries import households
from marketplace.ledger import writing
from marketplace.ledger.models import Account, Entry, Side, StatementLine
from marketplace.ledger.proposals import Candidate, Proposal, propose

#: Lines on one page; more wait below.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class LineRow:
    line: StatementLine
    proposal: Proposal | None = None


def open_lines(session: Session, organisation_id: int, *, limit: int | None = None) -> list[LineRow]:
    """Lines neither booked nor set aside, the oldest first, each with its proposal. Three queries.

    What is proposed for one line counts for the next: a household that owes 20 € owes nothing after the first.
    """
    lines = session.scalars(
        sa.select(StatementLine)
        .outerjoin(Entry, Entry.id == StatementLine.entry_id)
        .where(
            StatementLine.organisation_id == organisation_id,
            StatementLine.set_aside_at.is_(None),
            sa.or_(StatementLine.entry_id.is_(None), writing.is_reversed()),
        )
        .order_by(StatementLine.day, StatementLine.id)
        .limit(limit)
    ).all()
    owed = _owed(session, organisation_id)
    homes = households(session, organisation_id)
    found = []
    for line in lines:
        candidates = [Candidate(home.id, home.name, owed.get(home.id, 0)) for home in homes]
        proposal = propose(line.amount, line.counterparty, line.text, candidates)
        if proposal is not None:
            owed[proposal.household] = max(owed.get(proposal.household, 0) - line.amount, 0)
        found.append(LineRow(line, proposal))
    return found


def done_lines(session: Session, organisation_id: int, *, limit: int = SHOWN) -> Sequence[StatementLine]:
    """Lines that are booked or set aside, the newest first."""
    return session.scalars(
        sa.select(StatementLine)
        .outerjoin(Entry, Entry.id == StatementLine.entry_id)
        .where(
            StatementLine.organisation_id == organisation_id,
            sa.or_(
                StatementLine.set_aside_at.is_not(None),
                sa.and_(StatementLine.entry_id.is_not(None), ~writing.is_reversed()),
            ),
        )
        .order_by(StatementLine.day.desc(), StatementLine.id.desc())
        .limit(limit)
    ).all()


def _owed(session: Session, organisation_id: int) -> dict[int, int]:
    """What each household has to pay, in cents; only those that owe."""
    rows = session.execute(
        sa.select(Account.household_id, sa.func.sum(Side.amount))
        .join(Side, Side.account_id == Account.id)
        .where(Account.organisation_id == organisation_id, Account.household_id.is_not(None))
        .group_by(Account.household_id)
    )
    return {home: -int(balance) for home, balance in rows if balance < 0}
