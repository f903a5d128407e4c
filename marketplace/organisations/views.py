"""What a member does with the organisations they belong to."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.organisations import operations, queries
from marketplace.organisations.forms import ApplicationForm
from marketplace.permissions import signed_in

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/mine")
@signed_in
def mine():
    own = queries.own_organisations(db.session, current_user.id, utc_now())
    return render_template("organisations/mine.html", own=own)


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@signed_in
def new():
    form = ApplicationForm()
    if form.validate_on_submit():
        operations.apply_to_join(
            db.session,
            current_user,
            operations.Application(
                name=form.name.data,
                kinds=form.kinds.data,
                summary=form.summary.data or "",
                place=form.near.place.place,
                address=form.address.data or "",
                email=form.email.data or "",
                phone=form.phone.data or "",
                website=form.website.data or "",
            ),
            now=utc_now(),
        )
        flash(_("Received. The district looks at it before anything of it becomes public."), "success")
        return redirect(url_for("organisations.mine"))
    return render_template("organisations/new.html", form=form)
