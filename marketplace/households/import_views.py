"""Taking a group in from a file: chosen or pasted, looked at, confirmed."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import TextAreaField

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict
from marketplace.households import import_undoing
from marketplace.households.blueprint import blueprint
from marketplace.households.import_operations import import_households, plan_import
from marketplace.households.import_plan import NoNames, sums
from marketplace.households.queries import settings_of
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of
from marketplace.price_lists import stored_sheet
from marketplace.price_lists.intake import read_any
from marketplace.price_lists.sentences import unreadable
from marketplace.price_lists.sheets.sheet import Unreadable

_DAY_S = 86_400

PROBLEMS = {
    "no_name": lazy_gettext("no name"),
    "no_email": lazy_gettext("the e-mail address is none"),
    "no_amount": lazy_gettext("the credit is no plain amount, such as -12,50"),
    "no_day": lazy_gettext("the day cannot be read; write it as 31/12/2026"),
    "too_long": lazy_gettext("one of the texts is too long"),
    "ambiguous": lazy_gettext("several households of the group could be meant"),
    "twice": lazy_gettext("the same household is in the file more than once"),
}
WHY_NOT = {
    "unknown": lazy_gettext("it is older than the button that takes imports back"),
    "altered": lazy_gettext("it changed households that were there before"),
    "booked": lazy_gettext("somebody has booked since"),
    "paid": lazy_gettext("there are movements on these accounts since"),
}
KINDS = {
    "new": lazy_gettext("new"),
    "changed": lazy_gettext("changed"),
    "unchanged": lazy_gettext("unchanged"),
    "rejected": lazy_gettext("rejected"),
}


class ImportForm(FlaskForm):
    file = FileField(
        lazy_gettext("File"), description=lazy_gettext("CSV, Excel (xlsx) or LibreOffice (ods).")
    )
    pasted = TextAreaField(
        lazy_gettext("or the table, pasted"), description=lazy_gettext("With its row of names above.")
    )


@blueprint.route("/organisations/<slug>/households/import", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def upload(organisation):
    form = ImportForm()
    if form.validate_on_submit():
        content = form.file.data.read() if form.file.data else (form.pasted.data or "").encode()
        try:
            sheet = read_any(content, pasted=not form.file.data)
            rows = plan_import(db.session, current_user, organisation, sheet)
        except Unreadable as problem:
            form.file.errors = [unreadable(problem)]
        except NoNames:
            form.file.errors = [
                _(
                    "No row of names was found. Names such as Nome, Cognome, E-mail, Telefono and Credito are known."
                )
            ]
        else:
            token = _serializer().dumps([organisation.id, stored_sheet.keep(sheet)])
            return _preview(organisation, rows, token)
    status = 400 if request.method == "POST" else 200
    return render_template("households/import.html", organisation=organisation, form=form), status


@blueprint.post("/organisations/<slug>/households/import/confirm")
@member_of(Organisation, "slug")
def confirm_import(organisation):
    try:
        organisation_id, stored_as = _serializer().loads(request.form.get("token", ""), max_age=_DAY_S)
        if organisation_id != organisation.id:
            raise BadSignature("another group's")
        sheet = stored_sheet.load(stored_as)
    except (BadSignature, ValueError, TypeError, FileNotFoundError):
        raise Conflict(_("The file is no longer there: please choose it again."), code="gone") from None
    found = sums(import_households(db.session, current_user, organisation, sheet, now=utc_now()))
    flash(_("Households taken in: %(new)s new, %(changed)s changed.", **found), "success")
    return redirect(url_for("households.index", slug=organisation.slug))


@blueprint.post("/organisations/<slug>/households/import/<id:import_id>/undo")
@member_of(Organisation, "slug")
def undo_import(organisation, import_id):
    slug = organisation.slug
    try:
        count = import_undoing.undo_import(db.session, current_user, organisation, import_id, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        flash(_("The import is taken back: %(count)s households are gone.", count=count), "success")
    return redirect(url_for("households.index", slug=slug))


def _preview(organisation, rows, token: str):
    return render_template(
        "households/import_preview.html",
        organisation=organisation,
        rows=rows,
        sums=sums(rows),
        token=token,
        kinds=KINDS,
        problems=PROBLEMS,
        keeps_accounts=settings_of(db.session, organisation.id).keeps_accounts,
        has_credits=any(row.credit for row in rows),
    )


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key, salt="household-import")
