"""Joining: beginning an application, handing it in or giving it up, and asking to belong to who is here already."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.charter import charter_in_force
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, NotFound
from marketplace.explore.queries import active_organisation
from marketplace.organisations import joining_operations, queries
from marketplace.organisations.blueprint import blueprint
from marketplace.organisations.completeness import Step
from marketplace.organisations.joining_forms import BelongForm, IdentityForm
from marketplace.organisations.member_types import MEMBER_TYPES
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.organisations.profile_views import identity_of, known, step_names
from marketplace.permissions import member_of, public, signed_in

OWNER_ANY_STANDING = {"at_least": MemberRole.OWNER, "active": False}


@blueprint.get("/join")
@public
def join():
    drafts = []
    if current_user.is_authenticated:
        drafts = [
            item
            for item in queries.own_organisations(db.session, current_user.id, utc_now())
            if item.is_draft
        ]
    return render_template(
        "organisations/join.html", types=MEMBER_TYPES, drafts=drafts, charter=charter_in_force()
    )


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@signed_in
def new():
    chosen = MEMBER_TYPES.get(request.args.get("as", ""))
    proposed = {"kinds": list(chosen.kinds), "legal_form": chosen.legal_form} if chosen else {}
    form = IdentityForm(data=proposed)
    found = []
    if form.validate_on_submit():
        values = identity_of(form)
        found = queries.duplicates_of_known(db.session, known(values, None))
        if not found or values.not_a_duplicate_because:
            try:
                organisation = joining_operations.start_application(
                    db.session, current_user, values, now=utc_now()
                )
            except Conflict as refused:
                form.form_errors.append(refused.message)
            else:
                flash(_("Saved: you can leave and go on later from “My organisation”."), "success")
                return redirect(url_for("organisations.seat", slug=organisation.slug))
        else:
            form.not_a_duplicate_because.errors = [_("Say why this is another one.")]
    return render_template(
        "organisations/identity.html",
        form=form,
        duplicates=found,
        organisation=None,
        step=Step.IDENTITY,
        steps=[step for step in Step if step is not Step.PLACES],
        step_names=step_names(),
        is_draft=True,
    )


@blueprint.post("/organisations/<slug>/take-back")
@member_of(Organisation, "slug", **OWNER_ANY_STANDING)
def take_back(organisation):
    joining_operations.take_back_application(db.session, current_user, organisation, now=utc_now())
    flash(_("It is a draft again: change it and hand it in."), "info")
    return redirect(url_for("organisations.identity", slug=organisation.slug))


@blueprint.route("/organisations/<slug>/discard", methods=["GET", "POST"])
@member_of(Organisation, "slug", **OWNER_ANY_STANDING)
def discard(organisation):
    if request.method == "GET":
        return render_template("organisations/discard.html", organisation=organisation)
    joining_operations.discard_application(db.session, current_user, organisation, now=utc_now())
    flash(_("Nothing of it has been kept."), "success")
    return redirect(url_for("organisations.mine"))


@blueprint.route("/organisations/<slug>/belong", methods=["GET", "POST"])
@signed_in
def belong(slug):
    """Ask to belong to an organisation that is here already."""
    organisation = active_organisation(db.session, slug)
    if organisation is None:
        raise NotFound
    form = BelongForm()
    if form.validate_on_submit():
        try:
            joining_operations.ask_to_belong(
                db.session, current_user, organisation, form.words.data, now=utc_now()
            )
        except Conflict as refused:
            form.form_errors.append(refused.message)
        else:
            flash(_("Your message is on its way to those who manage it: they can invite you."), "success")
            return redirect(url_for("organisations.mine"))
    return render_template("organisations/belong.html", form=form, organisation=organisation)
