"""Demands: the open ones, one with its suitable suppliers, trying a need without an account, posting one."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands import operations, queries
from marketplace.demands.forms import AnnouncementForm, PostDemandForm, WeightsForm, demand_form
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.naming import lot_names
from marketplace.demands.need import need, refuse_what_may_not_be_asked, topic
from marketplace.demands.need_form import NeedForm
from marketplace.demands.types import RANKED_TYPES
from marketplace.demands.values import matchable
from marketplace.i18n import current_language
from marketplace.matches.ranking_page import ranking
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.organisations.queries import active_organisations_of_editor
from marketplace.permissions import member_of, public
from search import demand as matching
from search.validation import problems

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
    page = queries.demand_page(db.session, current_user, demand_id, now)
    demand = page.demand
    asked = matchable(demand)
    weights = WeightsForm(request.args, weights=asked.weights)
    tried = _with_weights(asked, weights)
    return render_template(
        "demands/show.html",
        page=page,
        demand=demand,
        is_public=asked.profile is matching.Profile.PUBLIC,
        asked_names=lot_names(
            asked.lots, engines.categories(), engines.cpv_labels(current_language()), current_language()
        ),
        criteria=engines.criteria(),
        weights=weights,
        moved=tried is not None,
        refused=weights.is_filled and tried is None,
        ranked=ranking(db.session, tried or asked, now) if demand.type in RANKED_TYPES else None,
    )


def _with_weights(asked: matching.Demand, weights: WeightsForm) -> matching.Demand | None:
    """The demand as somebody tries it with other weights; what is stored stays as the buyer set it.

    ``None`` where nothing was moved, where it may not be moved, and where nothing would count any more.
    """
    if asked.profile is not matching.Profile.COMMUNITY or not (weights.is_filled and weights.validate()):
        return None
    tried = replace(asked, weights=weights.weights())
    return None if any(problems(tried, engines.categories(), engines.criteria())) else tried


def _own_organisations() -> Sequence[Organisation]:
    """Those in whose name the reader may post; none for whoever is not signed in."""
    if not current_user.is_authenticated:
        return ()
    return active_organisations_of_editor(db.session, current_user.id)


@blueprint.get("/try")
@public
def try_demand():
    now = utc_now()
    form = NeedForm(request.args, meta={"csrf": False})
    asked = None
    if request.args.get("more"):
        form.add_line()
    elif request.args.get("near") is not None and form.validate():
        asked = _allowed_need(form)
    return render_template(
        "demands/try.html",
        form=form,
        ranked=ranking(db.session, asked, now) if asked else None,
        posting=_own_organisations(),
    )


def _allowed_need(form: NeedForm) -> matching.Demand | None:
    """The need of a valid form; ``None`` where it breaks a rule, which then stands beside its field."""
    asked = need(form, engines.criteria())
    broken = refuse_what_may_not_be_asked(form, asked, engines.categories(), engines.criteria())
    return None if broken else asked


@blueprint.route("/organisations/<slug>/demands/new", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def new(organisation):
    types = operations.postable_types(organisation)
    type_ = next(
        (one for one in types if one == request.args.get("type")), types[0] if len(types) == 1 else None
    )
    if type_ is None:
        return render_template("demands/choose_type.html", organisation=organisation, types=types)
    form = demand_form(request.form if request.method == "POST" else request.args, type_)
    if request.method == "POST" and request.form.get("more"):
        form.add_line()
    elif form.validate_on_submit():
        asked = _allowed_need(form) if type_ in RANKED_TYPES else topic(form)
        if asked is not None:
            demand = _post(organisation, type_, form, asked)
            flash(_("Published."), "success")
            return redirect(url_for("demands.show", demand_id=demand.id))
    return render_template("demands/new.html", form=form, organisation=organisation, type_=type_)


def _post(
    organisation: Organisation,
    type_: DemandType,
    form: PostDemandForm | AnnouncementForm,
    asked: matching.Demand,
) -> Demand:
    return operations.post_demand(
        db.session,
        current_user,
        organisation,
        type_=type_,
        title=form.title.data,
        description=form.description.data or "",
        place_label=form.near.place.label,
        need=asked,
        closes_at=form.closes_at.data,
        notice_link=form.notice_link.data or "",
        now=utc_now(),
    )


@blueprint.post("/demands/<id:demand_id>/withdraw")
@member_of(Demand, "demand_id", at_least=MemberRole.EDITOR)
def withdraw(demand):
    operations.withdraw_demand(db.session, current_user, demand, now=utc_now())
    flash(_("The request has been withdrawn."), "success")
    return redirect(url_for("demands.index"))
