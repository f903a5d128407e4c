"""Importing a price list: begun, read, and confirmed once in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, uploads
from marketplace.accounts.models import User
from marketplace.catalogue.import_models import ImportMapping, ImportRun
from marketplace.errors import Conflict, Invalid
from marketplace.organisations.models import Organisation
from marketplace.permissions import require_role
from marketplace.price_lists import columns, queries, stored_sheet, targets
from marketplace.price_lists.plan import Outcome, Plan
from marketplace.price_lists.private_lists import refuse_history
from marketplace.price_lists.reading import KEEP, WITHDRAW, Reading
from marketplace.price_lists.sheets.sheet import Sheet
from marketplace.price_lists.targets import Target, target_of

#: Imports that one organisation begins in a day; each keeps a file of up to 12 MB.
MAX_RUNS_A_DAY = 50


def start_import(
    session: Session,
    actor: User,
    organisation: Organisation,
    *,
    target: str,
    source_name: str,
    content: bytes,
    sheet: Sheet | None,
    pasted: bool = False,
    url: str = "",
    now: datetime,
) -> ImportRun:
    """Keep a file, with the best guess of how to read it; nothing of the catalogue changes.

    Without a ``sheet`` the worker reads it (:mod:`marketplace.price_lists.background`).
    """
    require_role(session, actor, organisation.id)
    into = target_of(session, organisation.id, target)
    refuse_history(session, into)
    _refuse_too_many(session, organisation.id, now)
    run = ImportRun(
        organisation_id=organisation.id,
        target=into.name,
        actor_id=actor.id,
        source_name=source_name[:160],
        stored_as=uploads.save(content),
        settings={"pasted": pasted, "url": url, "job": {"kind": "read"}},
        created_at=now,
    )
    if sheet is not None:
        _keep_sheet(session, run, sheet)
    session.add(run)
    session.commit()
    return run


def _refuse_too_many(session: Session, organisation_id: int, now: datetime) -> None:
    begun = session.scalar(
        sa.select(sa.func.count())
        .select_from(ImportRun)
        .where(ImportRun.organisation_id == organisation_id, ImportRun.created_at > now - timedelta(days=1))
    )
    if begun >= MAX_RUNS_A_DAY:
        raise Conflict(
            _("At most %(n)s price lists are loaded in a day: go on tomorrow.", n=MAX_RUNS_A_DAY),
            code="too_many",
        )


def finish_reading(session: Session, run_id: int, sheet: Sheet) -> None:
    """For the worker: the file that was handed over has been read."""
    _keep_sheet(session, session.get(ImportRun, run_id), sheet)
    session.commit()


def set_job(session: Session, run_id: int, job: dict) -> None:
    """For the worker and for who asked it: what is to be done with a run, or why it was not."""
    run = session.get(ImportRun, run_id)
    run.settings = run.settings | {"job": job}
    session.commit()


def ask_to_confirm(
    session: Session, actor: User, run: ImportRun, *, seen: str, vanished: str, publish: bool
) -> None:
    """Let the worker confirm what was seen; :func:`confirm_import` judges it then."""
    require_role(session, actor, run.organisation_id)
    _refuse_if_done(run)
    job = {"kind": "confirm", "actor_id": actor.id, "seen": seen, "vanished": vanished, "publish": publish}
    set_job(session, run.id, job)


def give_up_job(session: Session, actor: User, run: ImportRun) -> None:
    """A failure has been shown: the run can be looked at again."""
    require_role(session, actor, run.organisation_id)
    run.settings = {name: value for name, value in run.settings.items() if name != "job"}
    session.commit()


def _keep_sheet(session: Session, run: ImportRun, sheet: Sheet) -> None:
    reading = queries.remembered(session, run.organisation_id, run.target, sheet)
    kept = {name: value for name, value in run.settings.items() if name != "job"}
    run.settings = kept | {
        "sheet": stored_sheet.keep(sheet),
        "rows": len(sheet.rows),
        "reading": reading.to_json(),
    }


def read_as(
    session: Session, actor: User, run: ImportRun, reading: Reading, *, sheet: Sheet | None = None
) -> None:
    """Keep how the file of a run is to be read; ``sheet`` where it was read again with another encoding."""
    require_role(session, actor, run.organisation_id)
    _refuse_if_done(run)
    settings = run.settings | {"reading": reading.to_json()}
    if sheet is not None:
        settings["sheet"] = stored_sheet.keep(sheet)
    run.settings = settings
    session.commit()


def confirm_import(
    session: Session,
    actor: User,
    run: ImportRun,
    *,
    seen: str,
    vanished: str,
    publish: bool,
    now: datetime,
    prepared: tuple[Plan, str] | None = None,
) -> bool:
    """Carry out the plan that was seen, in one transaction; whether this call did it.

    ``seen`` is the print of the preview; ``vanished`` what happens to lines that the file no longer has (``keep``,
    ``withdraw``); new lines are published or kept as drafts. Raises :class:`Conflict` where list or file have
    changed since, :class:`Invalid` where questions are open. ``prepared`` is the plan with its print, made before
    the write begins, so that others wait for the writing only. Of two confirmations at once the second finds it done.
    """
    require_role(session, actor, run.organisation_id)
    claimed = session.execute(
        sa.update(ImportRun).where(ImportRun.id == run.id, ImportRun.done_at.is_(None)).values(done_at=now)
    )
    if not claimed.rowcount:
        session.rollback()
        return False
    _hold(session, run.organisation_id)
    target = target_of(session, run.organisation_id, run.target)
    refuse_history(session, target)
    plan, found = prepared if prepared is not None else queries.plan_of(session, run, now)
    if prepared is not None and found != queries.print_of(session, run, now):
        session.rollback()
        raise Conflict(
            _("The list has changed since this preview was made. Look at it again."), code="changed_meanwhile"
        )
    if plan.questions:
        session.rollback()
        raise Invalid(_("Some questions about this file are still open."), code="questions_open")
    if plan.vanished and vanished not in (KEEP, WITHDRAW):
        session.rollback()
        raise Invalid(_("Say what happens to the products that the file no longer has."), field="vanished")
    if found != seen:
        session.rollback()
        raise Conflict(
            _("The list has changed since this preview was made. Look at it again."), code="changed_meanwhile"
        )
    reading = replace(queries.reading_of(run), vanished=vanished, publish=publish)
    run.undo = _write(session, target, plan, reading, now)
    run.counts = plan.counts
    run.done_at = now
    _remember(session, run, reading, now)
    audit.record(
        session, now=now, actor_id=actor.id, verb="price_list.imported", subject=run, counts=plan.counts
    )
    if _changes_something(run.undo):
        target.announce(session, now)
    session.commit()
    return True


def _hold(session: Session, organisation_id: int) -> None:
    """Two imports of one organisation are carried out one after the other, each judged by what the other left."""
    session.execute(sa.select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def _refuse_if_done(run: ImportRun) -> None:
    if run.done_at is not None:
        raise Conflict(_("This import has been carried out."), code="already_done")


def _write(session: Session, target: Target, plan: Plan, reading: Reading, now: datetime) -> dict:
    """Write the plan; what it takes to put everything back."""
    created = targets.insert(
        session,
        target,
        [target.new_row(row.values, reading.publish, now) for row in plan.of(Outcome.CREATED)],
    )
    changed: dict[int, dict] = {}
    before: dict[int, dict] = {}
    for row in plan.of(Outcome.CHANGED):
        new, old = {}, {}
        for change in row.changes:
            new |= target.changed_columns(change.field, change.after)
            old |= target.changed_columns(change.field, change.before)
        if "status" in old:
            # "not active" may have been a draft
            old["status"] = row.line.status
        if new:
            changed[row.line.id], before[row.line.id] = new, old
    if reading.vanished == WITHDRAW:
        for line in plan.vanished:
            changed[line.id] = target.changed_columns("active", False)
            before[line.id] = target.changed_columns("active", True)
    targets.update(session, target, changed, now)
    matched = {
        row.line.id for row in plan.rows if row.line is not None and row.outcome is not Outcome.REJECTED
    }
    target.confirm(session, matched, now)
    return {
        "created": created,
        "changed": {str(line_id): _frozen(values) for line_id, values in before.items()},
    }


def _changes_something(undo: Mapping) -> bool:
    return bool(undo["created"] or undo["changed"])


def _frozen(values: Mapping[str, object]) -> dict:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}


def _remember(session: Session, run: ImportRun, reading: Reading, now: datetime) -> None:
    """How files with these columns are read, for the next one; what concerns this file alone is asked again."""
    sheet = queries.sheet_of(run)
    sign = columns.signature(sheet, reading.header if reading.header >= 0 else None)
    stored = session.scalar(
        sa.select(ImportMapping).where(
            ImportMapping.organisation_id == run.organisation_id,
            ImportMapping.target == run.target,
            ImportMapping.signature == sign,
        )
    )
    if stored is None:
        stored = ImportMapping(organisation_id=run.organisation_id, target=run.target, signature=sign)
        session.add(stored)
    stored.mapping = replace(reading, vanished="").to_json()
    stored.updated_at = now
