"""Demands: the open ones, one with its suitable suppliers, trying a need without an account, posting one."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands import operations, queries
from marketplace.demands.forms import NeedForm, PostDemandForm, WeightsForm
from marketplace.demands.lifecycle import state
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.naming import lot_names
from marketplace.demands.need import need, refuse_what_may_not_be_asked
from marketplace.demands.values import matchable
from marketplace.i18n import current_language
from marketplace.matches.ranking_page import ranking
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import member_of, public
from search import demand as matching

blueprint = Blueprint("demands", __name__)

PER_PAGE = 20
MAX_PAGE = 10_000


@blueprint.get("/demands")
@public
def index():
    now = utc_now()
    page = min(max(request.args.get("page", 1, type=int), 1), MAX_PAGE)
    demands, total = queries.open_demands(db.session, now, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render_template(
        "demands/index.html",
        demands=demands,
        total=total,
        page=page,
        per_page=PER_PAGE,
        tree=engines.categories(),
    )


@blueprint.get("/demands/<id:demand_id>")
@public
def show(demand_id):
    now = utc_now()
    demand = queries.public_demand(db.session, demand_id, now)
    if demand is None:
        abort(404)
    asked = matchable(demand)
    weights = WeightsForm(request.args, weights=asked.weights)
    moved = asked.profile is matching.Profile.COMMUNITY and weights.is_filled and weights.validate()
    if moved:
        # what counts may be tried by anybody; what is stored stays as the buyer set it
        asked = replace(asked, weights=weights.weights())
    return render_template(
        "demands/show.html",
        demand=demand,
        state=state(demand, now),
        is_public=asked.profile is matching.Profile.PUBLIC,
        asked_names=lot_names(
            asked.lots, engines.categories(), engines.cpv_labels(current_language()), current_language()
        ),
        criteria=engines.criteria(),
        weights=weights,
        moved=moved,
        ranked=ranking(db.session, asked, now) if demand.type in queries.RANKED_TYPES else None,
        mine=_may_edit(demand),
    )


def _may_edit(demand: Demand) -> bool:
    return current_user.is_authenticated and demand.organisation_id in queries.editable_organisation_ids(
        db.session, current_user.id
    )


@blueprint.get("/try")
@public
def try_demand():
    now = utc_now()
    form = NeedForm(request.args, meta={"csrf": False})
    asked = None
    if request.args.get("near") is not None and form.validate():
        asked = need(form, engines.criteria())
        if refuse_what_may_not_be_asked(form, asked, engines.categories(), engines.criteria()):
            asked = None
    if request.args.get("more"):
        form.add_lines()
    return render_template(
        "demands/try.html",
        form=form,
        ranked=ranking(db.session, asked, now) if asked else None,
        posting=current_user.is_authenticated and queries.postable_organisations(db.session, current_user.id),
    )


@blueprint.route("/organisations/<slug>/demands/new", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def new(organisation):
    now = utc_now()
    form = PostDemandForm(
        request.form if request.method == "POST" else request.args, organisation=organisation
    )
    if request.method == "POST" and request.form.get("more"):
        form.add_lines()
    elif request.method == "POST" and form.validate():
        asked = need(form, engines.criteria())
        if not refuse_what_may_not_be_asked(form, asked, engines.categories(), engines.criteria()):
            demand = operations.post_demand(
                db.session,
                current_user,
                organisation,
                type_=DemandType(form.type.data),
                title=form.title.data,
                description=form.description.data or "",
                place_label=form.near.place.label,
                need=asked,
                closes_at=form.closes_at.data,
                now=now,
            )
            flash(_("Published: these are the suppliers who can answer."), "success")
            return redirect(url_for("demands.show", demand_id=demand.id))
    return render_template("demands/new.html", form=form, organisation=organisation)


@blueprint.post("/demands/<id:demand_id>/withdraw")
@member_of(Demand, "demand_id", at_least=MemberRole.EDITOR)
def withdraw(demand):
    operations.withdraw_demand(db.session, current_user, demand, now=utc_now())
    flash(_("The request has been withdrawn."), "success")
    return redirect(url_for("demands.index"))
