"""The households of a group: the list for its coordinators, one's own for everybody else, and the group's settings."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.converters import written_version
from marketplace.db import db
from marketplace.errors import Conflict
from marketplace.households import import_undoing, import_views, operations, queries
from marketplace.households.blueprint import blueprint
from marketplace.households.forms import HouseholdForm, OwnHouseholdForm, SettingsForm
from marketplace.households.models import Household
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.organisations.queries import members
from marketplace.permissions import member_of

__all__ = ["blueprint", "import_views"]

_FIELDS = ("name", "email", "phone", "note", "joined_on", "left_on")


@blueprint.get("/organisations/<slug>/households")
@member_of(Organisation, "slug")
def index(organisation):
    return render_template(
        "households/index.html",
        organisation=organisation,
        households=queries.households(db.session, organisation.id, with_left=True),
        people=queries.people_of(db.session, organisation.id),
        is_group=operations.is_group(organisation),
        imports=import_undoing.imports(db.session, organisation.id),
        why_not=import_views.WHY_NOT,
    )


@blueprint.route("/organisations/<slug>/households/new", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def new(organisation):
    form = _form(organisation.id)
    if form.validate_on_submit():
        operations.add_household(
            db.session, current_user, organisation, _values(form), form.people.data, now=utc_now()
        )
        flash(_("%(name)s has been added.", name=form.name.data), "success")
        return redirect(url_for("households.index", slug=organisation.slug))
    status = 400 if request.method == "POST" else 200
    return render_template(
        "households/form.html", organisation=organisation, form=form, household=None
    ), status


@blueprint.route("/households/<id:household_id>/edit", methods=["GET", "POST"])
@member_of(Household, "household_id")
def edit(household):
    organisation = db.session.get_one(Organisation, household.organisation_id)
    people = [person.id for person in queries.people_of(db.session, organisation.id)[household.id]]
    form = _form(organisation.id, obj=household, people=people)
    if form.validate_on_submit():
        operations.edit_household(
            db.session, current_user, household, _values(form), form.people.data, now=utc_now()
        )
        flash(_("%(name)s has been changed.", name=household.name), "success")
        return redirect(url_for("households.index", slug=organisation.slug))
    status = 400 if request.method == "POST" else 200
    return render_template(
        "households/form.html", organisation=organisation, form=form, household=household
    ), status


@blueprint.route("/organisations/<slug>/households/mine", methods=["GET", "POST"])
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER)
def mine(organisation):
    form = OwnHouseholdForm(data={"name": current_user.name})
    own = queries.households_of(db.session, current_user, organisation)
    if form.validate_on_submit():
        operations.add_own_household(db.session, current_user, organisation, form.name.data, now=utc_now())
        return redirect(url_for("orders.index"))
    status = 400 if request.method == "POST" else 200
    return render_template("households/mine.html", organisation=organisation, form=form, own=own), status


@blueprint.route("/organisations/<slug>/households/settings", methods=["GET", "POST"])
@member_of(Organisation, "slug", at_least=MemberRole.OWNER)
def settings(organisation):
    kept = queries.settings_of(db.session, organisation.id)
    form = SettingsForm(obj=kept, below_zero=None if kept.lowest_balance is None else -kept.lowest_balance)
    if form.validate_on_submit():
        values = {
            "keeps_accounts": form.keeps_accounts.data,
            "lowest_balance": None if form.below_zero.data is None else -form.below_zero.data,
            "yearly_fee": form.yearly_fee.data,
            "iban": form.iban.data or "",
            "account_holder": form.account_holder.data or "",
            "retention_days": form.retention_days.data,
        }
        try:
            operations.change_settings(
                db.session,
                current_user,
                organisation,
                values,
                written_version(form.version.data),
                now=utc_now(),
            )
        except Conflict as refused:
            form.form_errors.append(refused.message or _("Somebody else has changed this in the meantime."))
        else:
            flash(_("The settings have been changed."), "success")
            return redirect(url_for("households.index", slug=organisation.slug))
    status = 400 if request.method == "POST" else 200
    return render_template("households/settings.html", organisation=organisation, form=form), status


def _form(organisation_id: int, **values) -> HouseholdForm:
    form = HouseholdForm(**values)
    form.people.choices = [
        (person.id, person.name or person.email)
        for person, _membership in members(db.session, organisation_id)
    ]
    if request.method == "GET":
        form.people.data = values.get("people", [])
    return form


def _values(form: HouseholdForm) -> dict:
    return {field: form[field].data if field.endswith("_on") else form[field].data or "" for field in _FIELDS}
