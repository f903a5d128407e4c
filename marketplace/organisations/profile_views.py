"""What an organisation says of itself, one page a subject: the steps of an application, and settings afterwards."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace import engines
from marketplace.charter import charter_in_force
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Invalid
from marketplace.organisations import joining_operations, profile_operations, queries
from marketplace.organisations.blueprint import blueprint
from marketplace.organisations.completeness import Step, is_draft, lacking, steps_of
from marketplace.organisations.duplicates import Known
from marketplace.organisations.joining_forms import (
    CharterForm,
    ContactsForm,
    IdentityForm,
    ProductionPlaceForm,
    SeatForm,
)
from marketplace.organisations.joining_models import ProductionPlace
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import member_of

EDITOR_ANY_STANDING = {"at_least": MemberRole.EDITOR, "active": False}


@blueprint.route("/organisations/<slug>/profile/identity", methods=["GET", "POST"])
@member_of(Organisation, "slug", **EDITOR_ANY_STANDING)
def identity(organisation):
    form = IdentityForm(obj=organisation, data={"kinds": sorted(organisation.kind_codes)})
    found = []
    if form.validate_on_submit():
        values = identity_of(form)
        found = queries.duplicates_of_known(db.session, known(values, organisation.id))
        if not found or values.not_a_duplicate_because:
            profile_operations.change_identity(db.session, current_user, organisation, values, now=utc_now())
            return onward(organisation, Step.IDENTITY)
        # both go by name and numbers: what was typed is compared before it is kept
        form.not_a_duplicate_because.errors = [_("Say why this is another one.")]
    return page("identity", Step.IDENTITY, organisation, form=form, duplicates=found)


@blueprint.route("/organisations/<slug>/profile/seat", methods=["GET", "POST"])
@member_of(Organisation, "slug", **EDITOR_ANY_STANDING)
def seat(organisation):
    comune = engines.comuni().get(organisation.comune) if organisation.comune else None
    form = SeatForm(obj=organisation, data={"near": comune.label if comune else ""})
    if form.validate_on_submit():
        chosen = form.has_point
        profile_operations.place_seat(
            db.session,
            current_user,
            organisation,
            form.place(),
            form.address.data or "",
            unlocated=form.unlocated,
            now=utc_now(),
        )
        if form.unlocated:
            flash(
                _(
                    "The point could not be looked up just now: we try again, and write to you if it stays so."
                ),
                "info",
            )
            return onward(organisation, Step.SEAT)
        if chosen:
            return onward(organisation, Step.SEAT)
        flash(_("This is the middle of the municipality: put the point where you are, then go on."), "info")
        return redirect(url_for("organisations.seat", slug=organisation.slug))
    return page("seat", Step.SEAT, organisation, form=form)


@blueprint.route("/organisations/<slug>/profile/places", methods=["GET", "POST"])
@member_of(Organisation, "slug", **EDITOR_ANY_STANDING)
def places(organisation):
    seat_comune = engines.comuni().get(organisation.comune) if organisation.comune else None
    form = ProductionPlaceForm(data={"near": seat_comune.label if seat_comune else ""})
    if form.validate_on_submit():
        profile_operations.add_production_place(
            db.session,
            current_user,
            organisation,
            form.name.data,
            form.activity.data,
            form.place(),
            now=utc_now(),
        )
        flash(_("Added."), "success")
        return redirect(url_for("organisations.places", slug=organisation.slug))
    known_places = [
        (place, engines.comuni().get(place.comune) if place.comune else None)
        for place in queries.production_places(db.session, organisation.id)
    ]
    return page(
        "places",
        Step.PLACES,
        organisation,
        form=form,
        places=known_places,
        adding=form.is_submitted() or "add" in request.args,
    )


@blueprint.post("/production-places/<id:place_id>/remove")
@member_of(ProductionPlace, "place_id", **EDITOR_ANY_STANDING)
def remove_place(production_place):
    organisation = db.session.get_one(Organisation, production_place.organisation_id)
    profile_operations.remove_production_place(
        db.session, current_user, organisation, production_place, now=utc_now()
    )
    return redirect(url_for("organisations.places", slug=organisation.slug))


@blueprint.route("/organisations/<slug>/profile/contacts", methods=["GET", "POST"])
@member_of(Organisation, "slug", **EDITOR_ANY_STANDING)
def contacts(organisation):
    form = ContactsForm(obj=organisation)
    if form.validate_on_submit():
        values = profile_operations.Contacts(
            **{name: form[name].data or "" for name in profile_operations.Contacts.__slots__}
        )
        try:
            profile_operations.write_contacts(db.session, current_user, organisation, values, now=utc_now())
        except Invalid as refused:
            form[refused.field].errors = [refused.message]
        else:
            return onward(organisation, Step.CONTACTS)
    return page("contacts", Step.CONTACTS, organisation, form=form)


@blueprint.route("/organisations/<slug>/profile/charter", methods=["GET", "POST"])
@member_of(Organisation, "slug", at_least=MemberRole.OWNER, active=False)
def charter(organisation):
    """The last step: read it all again, adhere to the charter, hand it in."""
    form, text = CharterForm(), charter_in_force()
    if form.validate_on_submit():
        if text and not form.accepted.data and organisation.charter_version != text.version:
            form.accepted.errors = [_("Without adhering to the charter one does not belong to the district.")]
        else:
            try:
                return _adhere(organisation, text)
            except Invalid as refused:
                form.form_errors.append(refused.message)
    return page(
        "charter",
        Step.CHARTER,
        organisation,
        form=form,
        charter=text,
        lacking=lacking(organisation, engines.legal_forms()),
        duplicates=queries.duplicates_of(db.session, organisation) if is_draft(organisation) else [],
        comune=engines.comuni().get(organisation.comune) if organisation.comune else None,
        places=queries.production_places(db.session, organisation.id),
        legal_form=engines.legal_forms().get(organisation.legal_form),
    )


def _adhere(organisation: Organisation, text):
    if is_draft(organisation):
        joining_operations.submit_application(db.session, current_user, organisation, text, now=utc_now())
        flash(_("Received. The district looks at it before anything of it becomes public."), "success")
    elif text:
        joining_operations.accept_charter(db.session, current_user, organisation, text, now=utc_now())
        flash(_("Saved."), "success")
    return redirect(url_for("organisations.mine"))


def identity_of(form: IdentityForm) -> profile_operations.Identity:
    return profile_operations.Identity(
        name=form.name.data,
        kinds=form.kinds.data or (),
        legal_form=form.legal_form.data,
        vat_number=form.vat_number.data or None,
        tax_code=form.tax_code.data or None,
        not_a_duplicate_because=form.not_a_duplicate_because.data or "",
    )


def known(values: profile_operations.Identity, organisation_id: int | None) -> Known:
    return Known(organisation_id, values.name, values.vat_number, values.tax_code)


def page(name: str, step: Step, organisation: Organisation, **values):
    return render_template(
        f"organisations/{name}.html",
        organisation=organisation,
        step=step,
        steps=steps_of(organisation),
        is_draft=is_draft(organisation),
        step_names=step_names(),
        **values,
    )


def step_names() -> dict[Step, str]:
    return {
        Step.IDENTITY: _("Who you are"),
        Step.SEAT: _("Where you are"),
        Step.PLACES: _("Where you produce"),
        Step.CONTACTS: _("What you do, contacts"),
        Step.CHARTER: _("Charter of principles"),
    }


def onward(organisation: Organisation, step: Step):
    """After saving: the next step of a draft, the same page of settings."""
    flash(_("Saved."), "success")
    if not is_draft(organisation):
        return redirect(url_for(f"organisations.{step}", slug=organisation.slug))
    steps = steps_of(organisation)
    following = steps[steps.index(step) + 1]
    return redirect(url_for(f"organisations.{following}", slug=organisation.slug))
