"""The preview of an import, its one confirmation, and its undoing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.catalogue.import_models import ImportRun
from marketplace.catalogue.reserved_words import CODES
from marketplace.clock import utc_now
from marketplace.converters import written_page
from marketplace.db import db, writing
from marketplace.errors import Conflict, Invalid
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of
from marketplace.price_lists import background, operations, queries, sentences, undoing
from marketplace.price_lists.blueprint import blueprint
from marketplace.price_lists.plan import Outcome
from marketplace.price_lists.progress_views import worker_lives
from marketplace.price_lists.targets import OFFERS
from marketplace.request_cycle import read_only

PER_PAGE = 50
VANISHED, STRIKING = "vanished", "striking"
SHOWN = (*(outcome.value for outcome in Outcome), VANISHED, STRIKING)


@blueprint.get("/imports/<id:run_id>")
@member_of(ImportRun, "run_id")
def preview(import_run):
    """What would change, row by row; after it was carried out, what did."""
    if import_run.done_at is not None:
        return render_template(
            "price_lists/done.html",
            run=import_run,
            organisation=db.session.get(Organisation, import_run.organisation_id),
            may_be_undone=queries.may_be_undone(db.session, import_run),
        )
    if import_run.settings.get("job"):
        return redirect(url_for("price_lists.progress", run_id=import_run.id))
    plan, seen = queries.plan_of(db.session, import_run, utc_now())
    if plan.questions:
        return redirect(url_for("price_lists.questions", run_id=import_run.id))
    striking = [row for row in plan.rows if row.striking]
    counts = plan.counts | {STRIKING: len(striking)}
    show = request.args.get("show", "")
    if show not in SHOWN:
        show = next(
            (name for name in (STRIKING, "rejected", "changed", "created") if counts[name]), "unchanged"
        )
    rows = plan.vanished if show == VANISHED else striking if show == STRIKING else plan.of(Outcome(show))
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = min(written_page(request.args.get("page")), pages)
    return render_template(
        "price_lists/preview.html",
        run=import_run,
        counts=counts,
        show=show,
        rows=rows[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        per_page=PER_PAGE,
        total=len(rows),
        seen=seen,
        organic=any(reason.code in CODES.values() for row in plan.rows for reason in row.reasons),
        sentences=sentences,
    )


@blueprint.post("/imports/<id:run_id>/confirm")
@read_only
@member_of(ImportRun, "run_id")
def confirm(import_run):
    """The plan is made before the write begins: while 10,000 rows are compared, others go on writing."""
    run_id, now = import_run.id, utc_now()
    public = import_run.target == OFFERS
    chosen = {
        "seen": request.form.get("seen", "")[:64],
        "vanished": request.form.get("vanished", "")[:10],
        "publish": request.form.get("publish") != "no",
    }
    if import_run.settings.get("job"):
        return redirect(url_for("price_lists.progress", run_id=run_id))
    if (
        import_run.done_at is None
        and import_run.settings.get("rows", 0) > background.LARGE_SHEET
        and worker_lives()
    ):
        db.session.rollback()
        with writing():
            operations.ask_to_confirm(db.session, current_user, db.session.get(ImportRun, run_id), **chosen)
        return redirect(url_for("price_lists.progress", run_id=run_id))
    prepared = queries.plan_of(db.session, import_run, now) if import_run.done_at is None else None
    db.session.rollback()
    try:
        with writing():
            done = operations.confirm_import(
                db.session,
                current_user,
                db.session.get(ImportRun, run_id),
                **chosen,
                now=now,
                prepared=prepared,
            )
    except (Conflict, Invalid) as refused:
        flash(refused.message, "warning")
    else:
        if done:
            flash(
                _("Done. In a moment everybody finds what is published.")
                if public
                else _("Done. Only the members of your group see it."),
                "success",
            )
        else:
            flash(_("This import had been confirmed already: it was carried out once."), "info")
    return redirect(url_for("price_lists.preview", run_id=run_id))


@blueprint.post("/imports/<id:run_id>/undo")
@member_of(ImportRun, "run_id")
def undo(import_run):
    try:
        result = undoing.undo_import(db.session, current_user, import_run, now=utc_now())
    except Conflict as refused:
        flash(refused.message, "warning")
    else:
        flash(_("Undone: %(count)s lines are as they were before.", count=result["restored"]), "success")
        if result["left"]:
            flash(
                _(
                    "%(count)s lines were changed by somebody since, and stay as they are.",
                    count=result["left"],
                ),
                "info",
            )
    return redirect(url_for("price_lists.preview", run_id=import_run.id))
