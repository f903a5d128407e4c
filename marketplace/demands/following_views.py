"""The button by which somebody follows a request, and the ways to stop."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands import following
from marketplace.demands.blueprint import blueprint
from marketplace.extensions import csrf
from marketplace.permissions import public, signed_in


@blueprint.post("/demands/<id:demand_id>/follow")
@signed_in
def follow(demand_id):
    following.follow_demand(db.session, current_user, demand_id, now=utc_now())
    flash(_("You will be told by mail of what is made clear, when it closes, and of its outcome."), "success")
    return redirect(url_for("demands.show", demand_id=demand_id))


@blueprint.post("/demands/<id:demand_id>/unfollow")
@signed_in
def unfollow(demand_id):
    following.stop_following(db.session, current_user, demand_id, now=utc_now())
    flash(_("You hear no more of this request."), "success")
    return redirect(url_for("notices.index"))


@blueprint.route("/demands/followed/stop/<token>", methods=["GET", "POST"])
@csrf.exempt
@public
def stop_following(token):
    """Stop following from a mail, by the button on the page: only opening it changes nothing."""
    person, demand = following.read_token(db.session, token)
    if request.method == "POST":
        following.stop_following(db.session, person, demand.id, now=utc_now())
    return render_template(
        "demands/stop_following.html",
        demand=demand,
        still=following.follows(db.session, person, demand.id),
    )
