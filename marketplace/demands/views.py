"""Demands: the open ones, one with its suitable suppliers, trying a need without an account, posting one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import render_template, request
from flask_security import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands import (  # noqa: F401  (their pages are of the same blueprint)
    attachment_views,
    clarify_views,
    desk,
    following_views,
    posting_views,
    queries,
    wish_views,
)
from marketplace.demands.attachment_operations import attachments_of
from marketplace.demands.blueprint import blueprint
from marketplace.demands.clarify_operations import clarifications_of
from marketplace.demands.following import OVER, follows
from marketplace.demands.forms import WeightsForm
from marketplace.demands.law_notes import rules, thresholds_reached
from marketplace.demands.naming import lot_names
from marketplace.demands.need import need, refuse_what_may_not_be_asked
from marketplace.demands.need_form import NeedForm
from marketplace.demands.particulars import shown
from marketplace.demands.posting_models import Clarification
from marketplace.demands.types import RANKED_TYPES
from marketplace.demands.values import matchable
from marketplace.i18n import current_language
from marketplace.matches.ranking_page import ranking
from marketplace.organisations.models import Organisation
from marketplace.organisations.queries import active_organisations_of_editor
from marketplace.permissions import public
from search import demand as matching
from search.judging import rome_day
from search.validation import problems

desk.take_part()

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
        follows=follows(db.session, current_user, demand.id),
        may_follow=not page.is_buyer and page.state not in OVER,
        clarifications=clarifications_of(db.session, demand),
        moment_of=_moment_of,
        attachments=attachments_of(db.session, demand),
        prompts=queries.prompts_of(db.session, demand),
        particulars=shown(demand),
        law_rules=rules(engines.law(), demand.type, rome_day(demand.published_at or now)),
        law_reached=thresholds_reached(
            engines.law(), demand.type, demand.estimated_value, rome_day(demand.published_at or now)
        ),
        ranked=ranking(db.session, tried or asked, now) if demand.type in RANKED_TYPES else None,
    )


def _moment_of(clarification: Clarification, field: str, which: int) -> datetime:
    """The deadline before (0) or after (1) a clarification."""
    return datetime.fromisoformat(clarification.changes[field][which])


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
