"""Answers side by side, and what counts."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.choosing import weight_operations
from marketplace.choosing.access import buyers_page
from marketplace.choosing.blueprint import blueprint
from marketplace.choosing.compare_page import compare_page
from marketplace.choosing.forms import MovedWeightsForm
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.values import matchable
from marketplace.errors import Invalid
from marketplace.permissions import signed_in
from marketplace.proposals.deadline import moment_to_open
from marketplace.proposals.queries import count_handed_in
from marketplace.proposals.rules import may_open


@blueprint.get("/demands/<id:demand_id>/compare")
@signed_in
def compare(demand_id):
    now = moment_to_open(db.session, demand_id, utc_now)
    page = buyers_page(db.session, current_user, demand_id, now, ranked=True)
    opened = may_open(page.demand, page.state)
    return render_template(
        "choosing/compare.html",
        page=page,
        came=count_handed_in(db.session, demand_id),
        compared=compare_page(db.session, current_user, page.demand, now) if opened else None,
        weights=MovedWeightsForm(formdata=None).show(matchable(page.demand).weights),
    )


@blueprint.post("/demands/<id:demand_id>/weights")
@signed_in
def move_weights(demand_id):
    now = utc_now()
    page = buyers_page(db.session, current_user, demand_id, now, ranked=True)
    form = MovedWeightsForm()
    try:
        if not form.validate():
            raise Invalid(_("Something must count more than nothing."))
        weight_operations.move_weights(db.session, current_user, page.demand, form.weights(), now=now)
    except Invalid as problem:
        flash(problem.message, "danger")
    else:
        flash(_("Kept: the order is the one of these weights."), "success")
    return redirect(url_for("choosing.compare", demand_id=demand_id))
