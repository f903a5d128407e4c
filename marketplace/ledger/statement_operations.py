"""Statements of the bank: loaded as often as one likes, each line booked once and taken back by an entry of its own."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.households.models import Household
from marketplace.ledger import entries, writing
from marketplace.ledger.bank_lines import BankFile, fingerprints
from marketplace.ledger.bank_tables import read_table
from marketplace.ledger.camt import read_camt
from marketplace.ledger.entries import BANK, Draft
from marketplace.ledger.models import Entry, StatementLine
from marketplace.ledger.statement_queries import open_lines
from marketplace.ledger.writing import Movement, taking_back, today
from marketplace.permissions import require_role
from marketplace.price_lists.sheets.sheet import MAX_BYTES, Unreadable

#: Fingerprints asked for in one statement.
_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many lines are new and how many were there; the rows of the file that could not be read."""

    new: int
    known: int
    unread: tuple[int, ...]


def read_statement(content: bytes) -> BankFile:
    """CAMT.053, CSV or XLSX, by what it holds. Raises :class:`Unreadable`."""
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", megabytes=len(content) // 1_000_000, limit=MAX_BYTES // 1_000_000)
    head = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return read_camt(content) if head.startswith(b"<") else read_table(content)


def load_statement(
    session: Session, actor: User, organisation_id: int, found: BankFile, *, now: datetime
) -> Loaded:
    """Keep the lines that are not there yet. By an editor of the group."""
    require_role(session, actor, organisation_id)
    writing.hold(session, organisation_id)
    marks = fingerprints(found.lines)
    known: set[str] = set()
    for start in range(0, len(marks), _AT_ONCE):
        known |= set(
            session.scalars(
                sa.select(StatementLine.fingerprint).where(
                    StatementLine.organisation_id == organisation_id,
                    StatementLine.fingerprint.in_(marks[start : start + _AT_ONCE]),
                )
            )
        )
    made = [
        StatementLine(
            organisation_id=organisation_id,
            fingerprint=mark,
            day=line.day,
            amount=line.amount,
            counterparty=line.counterparty,
            text=line.text,
            loaded_at=now,
        )
        for mark, line in zip(marks, found.lines, strict=True)
        if mark not in known
    ]
    session.add_all(made)
    session.flush()
    if made:
        audit.record(
            session,
            now=now,
            actor_id=actor.id,
            verb="ledger.statement_loaded",
            subject=made[0],
            lines=len(made),
        )
    session.commit()
    return Loaded(len(made), len(found.lines) - len(made), found.unread)


def book_line(
    session: Session,
    actor: User,
    organisation_id: int,
    line_id: int,
    *,
    now: datetime,
    household_id: int | None = None,
    supplier: str = "",
) -> Entry:
    """A line becomes a movement: of a household, or money that went to a supplier, or else a cost of the group.

    Booked already it stays as it is, and its entry is given back.
    """
    require_role(session, actor, organisation_id)
    writing.hold(session, organisation_id)
    line = _line(session, organisation_id, line_id)
    if (kept := _standing(session, line)) is not None:
        session.rollback()
        return kept
    made = _book(session, actor, line, _draft_of(session, line, household_id, supplier), now)
    session.commit()
    return made


def book_sure_lines(session: Session, actor: User, organisation_id: int, *, now: datetime) -> int:
    """Book every line whose proposal is sure; how many."""
    require_role(session, actor, organisation_id)
    writing.hold(session, organisation_id)
    count = 0
    for row in open_lines(session, organisation_id):
        if row.proposal is not None and row.proposal.sure:
            draft = _draft_of(session, row.line, row.proposal.household, "")
            _book(session, actor, row.line, draft, now)
            count += 1
    session.commit()
    return count


def unbook_line(session: Session, actor: User, organisation_id: int, line_id: int, *, now: datetime) -> None:
    """Take back what a line was booked as: a reversal, after which it is open again."""
    require_role(session, actor, organisation_id)
    writing.hold(session, organisation_id)
    line = _line(session, organisation_id, line_id)
    entry = _standing(session, line)
    if entry is not None:
        writing.write_all(
            session, organisation_id, [taking_back(entry, today(now), entry.text)], now=now, actor_id=actor.id
        )
        audit.record(session, now=now, actor_id=actor.id, verb="ledger.line_unbooked", subject=line)
    line.entry_id = None
    session.commit()


def set_line_aside(
    session: Session, actor: User, organisation_id: int, line_id: int, *, aside: bool, now: datetime
) -> None:
    """It concerns nobody (the bank's own fees written elsewhere, a mistake of the bank), or it does after all."""
    require_role(session, actor, organisation_id)
    line = _line(session, organisation_id, line_id)
    if aside and _standing(session, line) is not None:
        raise Conflict(_("This line is booked: take that back first."), code="booked")
    line.set_aside_at = now if aside else None
    session.commit()


def _line(session: Session, organisation_id: int, line_id: int) -> StatementLine:
    line = session.scalar(
        sa.select(StatementLine)
        .where(StatementLine.id == line_id, StatementLine.organisation_id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if line is None:
        raise NotFound
    return line


def _standing(session: Session, line: StatementLine) -> Entry | None:
    if line.entry_id is None:
        return None
    return session.scalar(sa.select(Entry).where(Entry.id == line.entry_id, ~writing.is_reversed()))


def _draft_of(session: Session, line: StatementLine, household_id: int | None, supplier: str) -> Draft:
    cents = abs(line.amount)
    if household_id is not None:
        home = session.get(Household, household_id)
        if home is None or home.organisation_id != line.organisation_id:
            raise NotFound
        return (
            entries.payment(home.id, cents, BANK) if line.amount > 0 else entries.refund(home.id, cents, BANK)
        )
    if line.amount > 0:
        raise Invalid(_("Choose a household."), code="missing", field="household")
    return entries.supplier_paid(supplier, cents) if supplier else entries.cost(cents, BANK)


def _book(session: Session, actor: User, line: StatementLine, draft: Draft, now: datetime) -> Entry:
    text = " ".join(filter(None, (line.counterparty, line.text)))
    entry = writing.write_all(
        session, line.organisation_id, [Movement(draft, line.day, text)], now=now, actor_id=actor.id
    )[0]
    line.entry_id, line.set_aside_at = entry.id, None
    session.flush()
    audit.record(session, now=now, actor_id=actor.id, verb="ledger.line_booked", subject=line)
    return entry
