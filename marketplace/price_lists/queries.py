"""What is known about imports and private lists: earlier runs, how files like this one were read, the plan."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.catalogue.import_models import ImportMapping, ImportRun, PrivateList, PrivateListItem
from marketplace.errors import NotFound
from marketplace.organisations.models import Organisation, Status
from marketplace.price_lists import columns, stored_sheet
from marketplace.price_lists.free_text import Categories
from marketplace.price_lists.listed import Listed
from marketplace.price_lists.plan import Plan
from marketplace.price_lists.planning import make_plan
from marketplace.price_lists.reading import Reading
from marketplace.price_lists.sheets.sheet import Sheet
from marketplace.price_lists.targets import Target, target_of


def categories() -> Categories:
    """The tree by the words of price lists, which are Italian."""
    return Categories(engines.categories())


def runs(
    session: Session, organisation_id: int, target: str | None = None, limit: int = 10
) -> Sequence[ImportRun]:
    """The last imports that were carried out, the newest first."""
    query = sa.select(ImportRun).where(
        ImportRun.organisation_id == organisation_id, ImportRun.done_at.is_not(None)
    )
    if target is not None:
        query = query.where(ImportRun.target == target)
    return session.scalars(query.order_by(ImportRun.done_at.desc(), ImportRun.id.desc()).limit(limit)).all()


def may_be_undone(session: Session, run: ImportRun) -> bool:
    """Only the last import into a list can be undone: undoing an earlier one would undo what came after."""
    last = runs(session, run.organisation_id, run.target, limit=1)
    return bool(last) and last[0].id == run.id and run.undone_at is None


def remembered(session: Session, organisation_id: int, target: str, sheet: Sheet) -> Reading:
    """How a file like this one is read: as the last with these columns, else guessed with all that was translated."""
    stored = session.scalars(
        sa.select(ImportMapping)
        .where(ImportMapping.organisation_id == organisation_id, ImportMapping.target == target)
        .order_by(ImportMapping.updated_at, ImportMapping.id)
    ).all()
    header = columns.guess_header(sheet)
    names = sheet.rows[header].cells if header is not None else ()
    guessed = columns.guess_columns(sheet, header)
    reading = Reading(
        columns=guessed,
        header=-1 if header is None else header,
        vat_included=not any(
            columns.says_without_vat(names[column]) for column, field in guessed.items()
            if field == "price" and column < len(names)
        ),
    )  # fmt: skip
    sign = columns.signature(sheet, header)
    for mapping in stored:
        earlier = Reading.from_json(mapping.mapping)
        if mapping.signature == sign:
            reading = Reading.from_json(mapping.mapping | {"header": reading.header})
        reading = reading.remembering(earlier)
    return reading


def sheet_of(run: ImportRun) -> Sheet:
    """What was read of the run's file. Raises :class:`NotFound` where it is lost."""
    try:
        return stored_sheet.load(run.settings.get("sheet", ""))
    except FileNotFoundError:
        raise NotFound from None


def reading_of(run: ImportRun) -> Reading:
    return Reading.from_json(run.settings.get("reading", {}))


def plan_of(session: Session, run: ImportRun, now: datetime) -> tuple[Plan, str]:
    """The plan of a run as things are now, and the print of what it was made of (see :func:`made_of`)."""
    target = target_of(session, run.organisation_id, run.target)
    lines = target.lines(session, now)
    reading = reading_of(run)
    plan = make_plan(
        sheet_of(run),
        reading,
        lines,
        categories(),
        proven=target.proven(session, now),
        needs_category=target.needs_category,
    )
    return plan, made_of(run, reading, lines)


def print_of(session: Session, run: ImportRun, now: datetime) -> str:
    """What :func:`plan_of` would give as its print, without making the plan."""
    lines = target_of(session, run.organisation_id, run.target).lines(session, now)
    return made_of(run, reading_of(run), lines)


def made_of(run: ImportRun, reading: Reading, lines: Sequence[Listed]) -> str:
    """A print of the file, of how it is read and of today's lines: while it is the same, so is the plan."""
    # what is chosen on the preview itself changes no row of it; sets have no order
    content = [
        run.settings.get("sheet"),
        replace(reading, vanished="", publish=True).to_json(),
        [repr(line) for line in lines],
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def private_lists(session: Session, organisation_id: int) -> Sequence[tuple[PrivateList, int]]:
    """The lists of a group by name, with the number of their lines that can be ordered."""
    lines = (
        sa.select(sa.func.count())
        .where(PrivateListItem.list_id == PrivateList.id, PrivateListItem.active)
        .correlate(PrivateList)
        .scalar_subquery()
    )
    return session.execute(
        sa.select(PrivateList, lines)
        .where(PrivateList.organisation_id == organisation_id)
        .order_by(PrivateList.supplier_name, PrivateList.id)
    ).all()


def count_of_lines(session: Session, list_id: int) -> int:
    """How many lines of a private list can be ordered."""
    return session.scalar(
        sa.select(sa.func.count())
        .select_from(PrivateListItem)
        .where(PrivateListItem.list_id == list_id, PrivateListItem.active)
    )


def taken_over_by(session: Session, private_list: PrivateList) -> Organisation | None:
    """The supplier that took the list over, where it is still here."""
    if private_list.taken_over_by_id is None:
        return None
    found = session.get(Organisation, private_list.taken_over_by_id)
    return found if found is not None and found.status == Status.ACTIVE else None


def lines_of(session: Session, target: Target, now: datetime) -> list[Listed]:
    """What a price list shows: the active lines by category and name."""
    return sorted(
        (line for line in target.lines(session, now) if line.active),
        key=lambda line: (line.category or "", line.title.casefold(), line.id),
    )
