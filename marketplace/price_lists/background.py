"""Large files are read and large plans carried out by the worker, while a page shows how far it is.

What is to be done stands in the run itself (``settings["job"]``), so that whatever ends half-way is done again:
reading changes nothing, and a confirmation has one effect. Where no worker lives, the web process does it at once.
"""

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from marketplace import uploads
from marketplace.accounts.models import User
from marketplace.catalogue.import_models import ImportRun
from marketplace.db import writing
from marketplace.errors import DomainError
from marketplace.i18n import speaking
from marketplace.price_lists import operations, queries
from marketplace.price_lists.intake import read_any
from marketplace.price_lists.sheets import sheet as sheets
from marketplace.price_lists.sheets.sheet import Unreadable

#: Bytes of a file, and rows of a sheet, from which on the worker does it.
LARGE_FILE, LARGE_SHEET = 150_000, 2_000
#: A job that ended the process so often is given up.
MAX_ATTEMPTS = 3
_FORGOTTEN_AFTER = timedelta(days=1)

READ, CONFIRM, FAILED = "read", "confirm", "failed"


def do_next(session: Session, now: datetime) -> bool:
    """Do the oldest job; whether there was one."""
    run = session.scalars(
        sa.select(ImportRun)
        .where(
            ImportRun.done_at.is_(None),
            ImportRun.created_at > now - _FORGOTTEN_AFTER,
            ImportRun.settings["job"]["kind"].as_string().in_((READ, CONFIRM)),
        )
        .order_by(ImportRun.id)
        .limit(1)
    ).first()
    if run is None:
        session.rollback()
        return False
    run_id, job, stored_as = run.id, run.settings["job"], run.stored_as
    session.rollback()
    attempt = job.get("attempts", 0) + 1
    with writing():
        if attempt > MAX_ATTEMPTS:
            operations.set_job(session, run_id, {"kind": FAILED, "code": "broken_file", "values": {}})
            return True
        operations.set_job(session, run_id, job | {"attempts": attempt})
    if job["kind"] == READ:
        _read(session, run_id, stored_as)
    else:
        _confirm(session, run_id, job, now)
    return True


def _read(session: Session, run_id: int, stored_as: str) -> None:
    path = progress_file(run_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    token = sheets.on_rows.set(lambda count, expected: path.write_text(f"{count} {expected}"))
    try:
        with uploads.open(stored_as) as file:
            sheet = read_any(file.read())
    except Unreadable as problem:
        with writing():
            operations.set_job(
                session, run_id, {"kind": FAILED, "code": problem.code, "values": problem.values}
            )
    else:
        with writing():
            operations.finish_reading(session, run_id, sheet)
    finally:
        sheets.on_rows.reset(token)
        path.unlink(missing_ok=True)


def _confirm(session: Session, run_id: int, job: dict, now: datetime) -> None:
    run = session.get(ImportRun, run_id)
    actor = session.get(User, job["actor_id"])
    with speaking(actor.locale):
        try:
            prepared = queries.plan_of(session, run, now)
            session.rollback()
            with writing():
                operations.confirm_import(
                    session,
                    session.get(User, job["actor_id"]),
                    session.get(ImportRun, run_id),
                    seen=job["seen"],
                    vanished=job["vanished"],
                    publish=job["publish"],
                    now=now,
                    prepared=prepared,
                )
        except DomainError as refused:
            session.rollback()
            with writing():
                operations.set_job(session, run_id, {"kind": FAILED, "message": refused.message})


def progress_file(run_id: int) -> Path:
    """Where the worker says how many rows it has read; a file, because a transaction shows nothing until its end."""
    return Path(current_app.instance_path) / "imports" / f"{run_id}.rows"


def rows_read(run_id: int) -> tuple[int, int]:
    """How many rows have been read, and of how many about; 0 for what nobody knows yet."""
    try:
        count, expected = progress_file(run_id).read_text().split()
        return int(count), max(int(count), int(expected)) if int(expected) else 0
    except (FileNotFoundError, ValueError):
        return 0, 0
