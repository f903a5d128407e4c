"""Publishing and changing what an organisation offers, by its editors."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.catalogue import operations
from marketplace.catalogue.forms import OfferForm
from marketplace.catalogue.models import Offer
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of

blueprint = Blueprint("catalogue", __name__)


@blueprint.route("/organisations/<slug>/offers/new", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def new(organisation):
    form = OfferForm()
    if form.validate_on_submit():
        try:
            offer = operations.publish_offer(
                db.session, current_user, organisation, _values(form), now=utc_now()
            )
        except Invalid as refused:
            _beside_field(form, refused)
        else:
            flash(_("Published. In a moment everybody can find it."), "success")
            return redirect(url_for("explore.offer", offer_id=offer.id))
    return render_template("catalogue/offer_form.html", form=form, organisation=organisation, offer=None)


@blueprint.route("/offers/<id:offer_id>/edit", methods=["GET", "POST"])
@member_of(Offer, "offer_id")
def edit(offer):
    form = OfferForm(obj=offer)
    stored = None
    if form.validate_on_submit():
        try:
            operations.change_offer(
                db.session,
                current_user,
                offer,
                _values(form),
                version=_version(form),
                now=utc_now(),
            )
        except Invalid as refused:
            _beside_field(form, refused)
        except Conflict:
            # both versions are shown: what was typed stays in the form, what is stored stands beside it
            stored = offer
            form.version.data = form.version.raw_data = None
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("explore.offer", offer_id=offer.id))
    return render_template(
        "catalogue/offer_form.html", form=form, organisation=offer.organisation, offer=offer, stored=stored
    ), (409 if stored else 200)


@blueprint.post("/offers/<id:offer_id>/withdraw")
@member_of(Offer, "offer_id")
def withdraw(offer):
    operations.withdraw_offer(db.session, current_user, offer, now=utc_now())
    flash(_("It is no longer in the catalogue."), "success")
    return redirect(url_for("organisations.mine"))


@blueprint.post("/offers/<id:offer_id>/republish")
@member_of(Offer, "offer_id")
def republish(offer):
    operations.republish_offer(db.session, current_user, offer, now=utc_now())
    flash(_("It is in the catalogue again."), "success")
    return redirect(url_for("organisations.mine"))


def _values(form: OfferForm) -> operations.OfferValues:
    return operations.OfferValues(
        title=form.title.data,
        category=form.category.data,
        description=form.description.data or "",
        unit=form.unit.data,
        price=form.price.data,
        vat_treatment=form.vat_treatment.data,
        box_size=form.box_size.data,
        available=form.available.data,
        months=frozenset(form.months.data or ()),
        lead_time_days=form.lead_time_days.data,
    )


def _version(form: OfferForm) -> int:
    """The version that was opened; anything that is not a number is older than every version."""
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _beside_field(form: OfferForm, refused: Invalid) -> None:
    field = form[refused.field]
    field.errors = [*field.errors, refused.message]
