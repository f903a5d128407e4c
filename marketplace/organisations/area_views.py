"""The settings page of delivery areas."""

import json

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Invalid
from marketplace.explore.profile import area_in_words
from marketplace.organisations import area_operations
from marketplace.organisations.area_forms import AreaForm
from marketplace.organisations.blueprint import blueprint
from marketplace.organisations.completeness import is_draft, steps_of
from marketplace.organisations.models import AreaKind, DeliveryArea, MemberRole, Organisation
from marketplace.organisations.profile_views import step_names
from marketplace.permissions import member_of

EDITOR = {"at_least": MemberRole.EDITOR, "active": False}


@blueprint.route("/organisations/<slug>/areas", methods=["GET", "POST"])
@member_of(Organisation, "slug", **EDITOR)
def areas(organisation):
    form = AreaForm()
    if form.validate_on_submit():
        try:
            area_operations.add_area(db.session, current_user, organisation, _values(form), now=utc_now())
        except Invalid as refused:
            form.form_errors.append(refused.message)
        else:
            flash(_("Added."), "success")
            return redirect(url_for("organisations.areas", slug=organisation.slug))
    return _page(organisation, form, None)


@blueprint.route("/areas/<id:area_id>/edit", methods=["GET", "POST"])
@member_of(DeliveryArea, "area_id", **EDITOR)
def edit_area(delivery_area):
    organisation = db.session.get_one(Organisation, delivery_area.organisation_id)
    form = AreaForm(data=_stored(delivery_area))
    if form.validate_on_submit():
        area_operations.change_area(
            db.session, current_user, organisation, delivery_area, _values(form), now=utc_now()
        )
        flash(_("Saved."), "success")
        return redirect(url_for("organisations.areas", slug=organisation.slug))
    return _page(organisation, form, delivery_area)


@blueprint.post("/areas/<id:area_id>/remove")
@member_of(DeliveryArea, "area_id", **EDITOR)
def remove_area(delivery_area):
    organisation = db.session.get_one(Organisation, delivery_area.organisation_id)
    try:
        offers = area_operations.remove_area(
            db.session, current_user, organisation, delivery_area, now=utc_now()
        )
    except Invalid as refused:
        flash(refused.message, "warning")
    else:
        flash(
            ngettext(
                "Removed; a product that went there and elsewhere now goes elsewhere only.",
                "Removed; %(num)s products that went there and elsewhere now go elsewhere only.",
                len(offers),
            )
            if offers
            else _("Removed."),
            "success",
        )
    return redirect(url_for("organisations.areas", slug=organisation.slug))


def _values(form: AreaForm) -> area_operations.AreaValues:
    kind = AreaKind(form.kind.data)
    return area_operations.AreaValues(
        kind=kind,
        radius_m=form.radius_m.data if kind is AreaKind.RADIUS else None,
        codes=form.codes if kind in (AreaKind.COMUNI, AreaKind.PROVINCE) else None,
        polygon=form.shape if kind is AreaKind.POLYGON else None,
        minimum_cents=form.minimum_cents.data,
        days=sorted(form.days.data or ()),
    )


def _stored(area: DeliveryArea) -> dict:
    comuni = (engines.comuni().get(code) for code in area.codes or ()) if area.kind == AreaKind.COMUNI else ()
    return {
        "kind": area.kind,
        "radius_m": area.radius_m,
        "comuni": "\n".join(comune.label for comune in comuni if comune),
        "provinces": ", ".join(area.codes or ()) if area.kind == AreaKind.PROVINCE else "",
        "polygon": json.dumps(area.polygon) if area.polygon else "",
        "minimum_cents": area.minimum_cents,
        "days": area.days or [],
    }


def _page(organisation: Organisation, form: AreaForm, editing: DeliveryArea | None):
    return render_template(
        "organisations/areas.html",
        organisation=organisation,
        form=form,
        editing=editing,
        areas=[(area, area_in_words(area, engines.comuni())) for area in organisation.areas],
        step="areas",
        steps=steps_of(organisation),
        step_names=step_names(),
        is_draft=is_draft(organisation),
    )
