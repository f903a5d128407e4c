"""How far the worker is with a large file; the page asks again by itself, with or without scripts."""

from pathlib import Path

from flask import current_app, flash, redirect, render_template, url_for
from flask_security import current_user

from marketplace.catalogue.import_models import ImportRun
from marketplace.db import db, writing
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of
from marketplace.price_lists import background, operations, sentences
from marketplace.price_lists.blueprint import blueprint
from marketplace.price_lists.sheets.sheet import Unreadable
from marketplace.worker import worker_age

#: Seconds without a sign of life after which nobody waits for the worker.
_SILENT_S = 5.0


def worker_lives() -> bool:
    age = worker_age(Path(current_app.instance_path))
    return age is not None and age < _SILENT_S


@blueprint.get("/imports/<id:run_id>/progress")
@member_of(ImportRun, "run_id")
def progress(import_run):
    job = import_run.settings.get("job")
    if import_run.done_at is not None or not job:
        page = "preview" if import_run.done_at is not None else "mapping"
        return redirect(url_for(f"price_lists.{page}", run_id=import_run.id))
    if job["kind"] == background.FAILED:
        return _failed(import_run, job)
    rows, expected = background.rows_read(import_run.id)
    return render_template(
        "price_lists/progress.html",
        run=import_run,
        kind=job["kind"],
        rows=rows,
        # of a confirmation nothing can be seen before its end: it is one transaction
        expected=expected if job["kind"] == background.READ else import_run.settings.get("rows", 0),
    )


def _failed(run: ImportRun, job: dict):
    """Say why and go back: to the preview that was refused, or to another file."""
    code = job.get("code")
    flash(sentences.unreadable(Unreadable(code, **job["values"])) if code else job["message"], "warning")
    if code:
        organisation = db.session.get(Organisation, run.organisation_id)
        return redirect(url_for("price_lists.new", slug=organisation.slug))
    run_id = run.id
    db.session.rollback()
    with writing():
        operations.give_up_job(db.session, current_user, db.session.get(ImportRun, run_id))
    return redirect(url_for("price_lists.preview", run_id=run_id))
