"""The reverse view, "who is looking for what I offer", and its alerts by mail."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.extensions import csrf
from marketplace.matches import alert_operations
from marketplace.matches.forms import AlertForm
from marketplace.matches.models import Frequency
from marketplace.matches.opportunities import opportunities
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import member_of, public

blueprint = Blueprint("matches", __name__)


@blueprint.route("/organisations/<slug>/opportunities", methods=["GET", "POST"])
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER)
def opportunities_of(organisation):
    now = utc_now()
    alert = alert_operations.alert_of(db.session, current_user.id, organisation.id)
    form = AlertForm(
        data={
            "frequency": alert.frequency,
            "categories": alert.categories,
            "within_km": None if alert.within_m is None else alert.within_m // 1000,
        }
        if alert
        else None
    )
    if form.validate_on_submit():
        alert_operations.set_alert(
            db.session,
            current_user,
            organisation,
            frequency=Frequency(form.frequency.data),
            categories=form.categories.data or [],
            within_m=None if form.within_km.data is None else form.within_km.data * 1000,
            now=now,
        )
        flash(_("Saved."), "success")
        return redirect(url_for("matches.opportunities_of", slug=organisation.slug))
    return render_template(
        "matches/opportunities.html",
        organisation=organisation,
        found=opportunities(db.session, organisation.id, now),
        form=form,
    )


@blueprint.route("/alerts/stop/<token>", methods=["GET", "POST"])
@csrf.exempt
@public
def stop(token):
    """Stop an alert from its mail: by the mail program's own button (RFC 8058), or by the one on the page.

    Only opening the page changes nothing, because programs that check mails open every link.
    """
    alert = alert_operations.alert_of_token(db.session, token)
    if request.method == "POST":
        alert_operations.stop_alert(db.session, alert, now=utc_now())
    return render_template("matches/alert_stop.html", alert=alert)
