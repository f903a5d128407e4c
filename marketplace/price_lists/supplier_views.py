"""The supplier of a private list: invited by the group, and on the page that the link of the mail opens."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from marketplace.catalogue.import_models import PrivateList
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, NotFound, NotSignedIn
from marketplace.extensions import csrf
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of, public
from marketplace.price_lists import queries
from marketplace.price_lists.blueprint import blueprint
from marketplace.price_lists.forms import SupplierInvitationForm
from marketplace.price_lists.supplier_invitations import decline as decline_invitation
from marketplace.price_lists.supplier_invitations import invite_supplier, last_moment, list_of_token
from marketplace.price_lists.taking_over import TakenOver, who_may_take_over
from marketplace.price_lists.taking_over import take_over as take_over_list

TOKEN_BYTES = 32


@blueprint.post("/lists/<id:list_id>/invite")
@member_of(PrivateList, "list_id")
def invite(private_list):
    form = SupplierInvitationForm()
    if form.validate_on_submit():
        try:
            invite_supplier(
                db.session,
                current_user,
                private_list,
                form.supplier_email.data,
                token=secrets.token_urlsafe(TOKEN_BYTES),
                now=utc_now(),
            )
        except Conflict as refused:
            flash(refused.message, "warning")
        else:
            flash(_("The invitation is on its way."), "success")
    else:
        flash(_("Write the supplier's address."), "warning")
    return redirect(url_for("price_lists.show_list", list_id=private_list.id))


@blueprint.route("/take-over/<token>", methods=["GET", "POST"])
@public
def take_over(token):
    """What the link of the mail opens: a page with a button, so that a mail scanner uses nothing up."""
    now = utc_now()
    try:
        private_list = list_of_token(db.session, token, now)
    except NotFound:
        return render_template("organisations/invitation_gone.html"), 404
    if request.method == "POST":
        if not current_user.is_authenticated:
            raise NotSignedIn
        organisation = (
            db.session.query(Organisation).filter_by(slug=request.form.get("into", "")).one_or_none()
        )
        if organisation is None:
            raise NotFound
        _say(take_over_list(db.session, current_user, token, organisation, now=now))
        return redirect(url_for("catalogue.table", slug=organisation.slug))
    mine = who_may_take_over(db.session, current_user, private_list) if current_user.is_authenticated else []
    return render_template(
        "price_lists/take_over.html",
        list=private_list,
        lines=queries.count_of_lines(db.session, private_list.id),
        group=db.session.get_one(Organisation, private_list.organisation_id),
        mine=mine,
        until=last_moment(private_list),
        token=token,
    )


@blueprint.route("/take-over/<token>/stop", methods=["GET", "POST"])
@csrf.exempt
@public
def decline(token):
    """No more such mails: by the mail program's own button (RFC 8058), or by the one on the page."""
    now = utc_now()
    try:
        private_list = list_of_token(db.session, token, now)
    except NotFound:
        return render_template("organisations/invitation_gone.html"), 404
    group = db.session.get_one(Organisation, private_list.organisation_id)
    if request.method == "POST":
        decline_invitation(db.session, token, now=now)
    return render_template("price_lists/decline.html", group=group, done=request.method == "POST")


def _say(taken: TakenOver) -> None:
    flash(
        ngettext(
            "%(num)s product of the list is in your catalogue now, seen by nobody until you publish it.",
            "%(num)s products of the list are in your catalogue now, seen by nobody until you publish them.",
            taken.made,
        ),
        "success",
    )
    if taken.unproven:
        flash(
            _(
                "Before you publish them, these words need a proof: %(titles)s.",
                titles="; ".join(taken.unproven[:10]),
            ),
            "warning",
        )
