"""The relazione istruttoria: read, filled in, taken away as ODT, DOCX or text."""

from datetime import datetime
from importlib import import_module

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.choosing import report_operations
from marketplace.choosing.access import buyers_page
from marketplace.choosing.blueprint import blueprint
from marketplace.choosing.models import ReportNotes
from marketplace.choosing.report import build
from marketplace.choosing.report_blocks import Report
from marketplace.choosing.report_fields import REPORT_FIELDS
from marketplace.choosing.report_form import NotesForm
from marketplace.choosing.report_input import report_input
from marketplace.choosing.writers import text
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.access import DemandPage
from marketplace.demands.types import PUBLIC_TYPES
from marketplace.errors import NotFound
from marketplace.file_answers import made_file
from marketplace.i18n import speaking
from marketplace.permissions import signed_in
from marketplace.proposals.deadline import moment_to_open

#: Modules of ``choosing.writers`` by the ending of their files.
WRITERS = {"odt": "odt", "docx": "docx", "txt": "text"}


@blueprint.get("/demands/<id:demand_id>/report")
@signed_in
def report(demand_id):
    now = moment_to_open(db.session, demand_id, utc_now)
    page = _page(demand_id, now)
    made = _report(page, now)
    return render_template("choosing/report.html", page=page, report=made, pasted=text.write(made))


@blueprint.get("/demands/<id:demand_id>/report.<any(odt, docx, txt):extension>")
@signed_in
def report_as_file(demand_id, extension):
    # here: the libraries of the first two are slow to import
    writer = import_module(f"marketplace.choosing.writers.{WRITERS[extension]}")
    now = moment_to_open(db.session, demand_id, utc_now)
    made = writer.write(_report(_page(demand_id, now), now))
    return made_file(
        made.encode() if isinstance(made, str) else made,
        writer.MEDIA_TYPE,
        f"relazione-istruttoria-{demand_id}.{extension}",
    )


@blueprint.route("/demands/<id:demand_id>/report/edit", methods=["GET", "POST"])
@signed_in
def edit_report(demand_id):
    now = utc_now()
    page = _page(demand_id, now)
    notes = db.session.get(ReportNotes, demand_id)
    form = NotesForm(data={**(notes.fields if notes else {}), "version": str(notes.version if notes else 0)})
    if form.validate_on_submit():
        report_operations.save_notes(
            db.session, current_user, page.demand, form.values(), form.seen_version(), now=now
        )
        flash(_("Kept."), "success")
        return redirect(url_for("choosing.report", demand_id=demand_id))
    return render_template("choosing/edit_report.html", page=page, form=form, names=list(REPORT_FIELDS))


def _page(demand_id: int, now: datetime) -> DemandPage:
    page = buyers_page(db.session, current_user, demand_id, now, ranked=True)
    if page.demand.type not in PUBLIC_TYPES:
        raise NotFound
    return page


def _report(page: DemandPage, now: datetime) -> Report:
    # in Italian whoever reads: it goes into an Italian file
    with speaking("it"):
        return build(report_input(db.session, current_user, page, now))
