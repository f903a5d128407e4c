"""The wizard, up to the preview: a file or a pasted text, its columns, and the questions that only a person can answer.

Files are read outside of any transaction: while a large one is read, everybody else goes on writing.
"""

from dataclasses import replace

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import uploads, words
from marketplace.catalogue.import_models import ImportRun
from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.engines import categories as category_tree
from marketplace.errors import Conflict
from marketplace.form_choices import choices
from marketplace.i18n import current_language
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of
from marketplace.price_lists import background, columns, fetching, forms, operations, queries, sentences
from marketplace.price_lists.blueprint import blueprint
from marketplace.price_lists.intake import read_any
from marketplace.price_lists.progress_views import worker_lives
from marketplace.price_lists.reading import Reading
from marketplace.price_lists.sheets.delimited import SEPARATORS
from marketplace.price_lists.sheets.sheet import MAX_BYTES, Sheet, Unreadable
from marketplace.price_lists.targets import OFFERS
from marketplace.request_cycle import read_only

SAMPLE_ROWS = 6


@blueprint.route("/organisations/<slug>/import", methods=["GET", "POST"])
@read_only
@member_of(Organisation, "slug")
def new(organisation):
    """Upload, paste or fetch a price list."""
    form = forms.UploadForm()
    lists = queries.private_lists(db.session, organisation.id)
    targets = {OFFERS: _("Our catalogue")} | {f"list:{made.id}": made.supplier_name for made, _lines in lists}
    form.target.choices = choices(targets)
    if request.method == "GET" and request.args.get("target") in targets:
        form.target.data = request.args["target"]
    hosts = current_app.config["IMPORT_HOSTS"]
    if form.validate_on_submit():
        organisation_id = organisation.id
        db.session.rollback()
        try:
            content, name, pasted, url = _source(form, hosts)
            for_worker = len(content) > background.LARGE_FILE and not pasted and worker_lives()
            sheet = None if for_worker else read_any(content, pasted=pasted)
        except Unreadable as problem:
            field = form.text if form.text.data and not form.file.data else form.file
            field.errors = [sentences.unreadable(problem)]
        else:
            with writing():
                run = operations.start_import(
                    db.session,
                    current_user,
                    db.session.get(Organisation, organisation_id),
                    target=form.target.data,
                    source_name=name,
                    content=content,
                    sheet=sheet,
                    pasted=pasted,
                    url=url,
                    now=utc_now(),
                )
                return redirect(
                    url_for("price_lists.progress" if sheet is None else "price_lists.mapping", run_id=run.id)
                )
        organisation = db.session.get(Organisation, organisation_id)
    return render_template(
        "price_lists/upload.html",
        form=form,
        organisation=organisation,
        runs=queries.runs(db.session, organisation.id),
        may_be_undone=lambda run: queries.may_be_undone(db.session, run),
        may_fetch=bool(hosts),
    )


def _source(form: forms.UploadForm, hosts) -> tuple[bytes, str, bool, str]:
    """The content, the name to show, whether it was pasted, and the address that it came from."""
    if form.file.data and form.file.data.filename:
        content = form.file.data.stream.read(MAX_BYTES + 1)
        return content, form.file.data.filename[-160:], False, ""
    if form.text.data and form.text.data.strip():
        return form.text.data.encode("utf-8", errors="replace"), _("pasted text"), True, ""
    if form.url.data:
        return fetching.fetch(form.url.data, hosts), form.url.data[:160], False, form.url.data
    raise Unreadable("empty")


@blueprint.route("/imports/<id:run_id>/columns", methods=["GET", "POST"])
@read_only
@member_of(ImportRun, "run_id")
def mapping(import_run):
    """Which column is what, with the first rows beside."""
    if import_run.settings.get("job"):
        return redirect(url_for("price_lists.progress", run_id=import_run.id))
    sheet, reading = _open(import_run)
    problems: list[str] = []
    if request.method == "POST":
        reading, sheet_now, guessed_again = _posted(import_run, sheet, reading, problems)
        if not problems:
            _save(import_run, reading, sheet_now if sheet_now is not sheet else None)
            if not guessed_again:
                return redirect(_next(import_run.id, reading))
            flash(_("Read again: look at the columns."), "info")
            return redirect(url_for("price_lists.mapping", run_id=import_run.id))
    header = reading.header if reading.header >= 0 else None
    return render_template(
        "price_lists/columns.html",
        run=import_run,
        sheet=sheet,
        reading=reading,
        names=columns.column_names(sheet, header),
        repeated=columns.repeated_names(sheet, header),
        sample=sheet.rows[reading.header + 1 : reading.header + 1 + SAMPLE_ROWS],
        notes=[sentences.note(note) for note in sheet.notes],
        problems=problems,
        fields=sentences.FIELDS,
        encodings=forms.ENCODINGS,
        separators=forms.SEPARATOR_NAMES,
        header_rows=forms.HEADER_ROWS,
    ), (400 if problems else 200)


def _posted(
    run: ImportRun, sheet: Sheet, reading: Reading, problems: list[str]
) -> tuple[Reading, Sheet, bool]:
    """What was sent; the last says that the file is looked at anew, so the columns must be, too."""
    encoding, separator = request.form.get("encoding", ""), request.form.get("separator", "")
    if sheet.kind == "csv" and not run.settings.get("pasted"):
        encoding = encoding if encoding in forms.ENCODINGS else sheet.encoding
        separator = separator if separator in SEPARATORS else sheet.separator
        if (encoding, separator) != (sheet.encoding, sheet.separator):
            try:
                with uploads.open(run.stored_as) as file:
                    sheet = read_any(file.read(), encoding=encoding, separator=separator)
            except Unreadable as problem:
                problems.append(sentences.unreadable(problem))
                return reading, sheet, True
            header = columns.guess_header(sheet)
            guessed = columns.guess_columns(sheet, header)
            return replace(reading, columns=guessed, header=-1 if header is None else header), sheet, True
    header = posted = forms.posted_header(request.form, sheet) if sheet.header is None else reading.header
    if posted != reading.header:
        guessed = columns.guess_columns(sheet, header if header >= 0 else None)
        return replace(reading, columns=guessed, header=header), sheet, True
    chosen, twice = forms.posted_columns(request.form, sheet.width)
    reading = replace(reading, columns=chosen, vat_included=request.form.get("vat_included") != "no")
    if "title" not in chosen.values():
        problems.append(_("Say which column is the name of the product."))
    for field in twice:
        problems.append(_("Two columns are said to be “%(field)s”.", field=sentences.FIELDS[field]))
    return reading, sheet, False


@blueprint.route("/imports/<id:run_id>/questions", methods=["GET", "POST"])
@read_only
@member_of(ImportRun, "run_id")
def questions(import_run):
    """What only a person can say: points in numbers, units, categories and VAT in words that are not known."""
    if import_run.settings.get("job"):
        return redirect(url_for("price_lists.progress", run_id=import_run.id))
    _sheet, reading = _open(import_run)
    plan, _print = queries.plan_of(db.session, import_run, utc_now())
    if request.method == "POST":
        answered = forms.posted_answers(request.form, reading, plan.questions, queries.categories())
        _save(import_run, answered, None)
        return redirect(_next(import_run.id, answered))
    if not plan.questions:
        return redirect(url_for("price_lists.preview", run_id=import_run.id))
    if plan.questions.missing_columns:
        return redirect(url_for("price_lists.mapping", run_id=import_run.id))
    return render_template(
        "price_lists/questions.html",
        run=import_run,
        questions=plan.questions,
        at_once=forms.ASKED_AT_ONCE,
        fields=sentences.FIELDS,
        categories=category_tree().choices(current_language()),
        vat_treatments={code: label for code, (label, _rate) in words.VAT_TREATMENTS.items()},
    )


def _next(run_id: int, reading: Reading) -> str:
    """The questions page goes on to the preview by itself where nothing is open."""
    return url_for("price_lists.questions", run_id=run_id)


def _open(run: ImportRun) -> tuple[Sheet, Reading]:
    """The sheet and its reading. Raises :class:`Conflict` once it is done."""
    if run.done_at is not None:
        raise Conflict(_("This import has been carried out."), code="already_done")
    return queries.sheet_of(run), queries.reading_of(run)


def _save(run: ImportRun, reading: Reading, sheet: Sheet | None) -> None:
    run_id = run.id
    db.session.rollback()
    with writing():
        operations.read_as(db.session, current_user, db.session.get(ImportRun, run_id), reading, sheet=sheet)
