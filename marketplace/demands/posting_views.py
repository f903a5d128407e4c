"""Writing a request: of which type, the form, its drafts, a copy of an earlier one; and taking one back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands import draft_operations, operations, queries
from marketplace.demands.access import readable_demand, require_buyer
from marketplace.demands.as_fields import as_fields
from marketplace.demands.blueprint import blueprint
from marketplace.demands.counting import live_count
from marketplace.demands.forms import demand_form
from marketplace.demands.law_notes import rules
from marketplace.demands.models import DemandType
from marketplace.demands.posting_models import DemandDraft
from marketplace.demands.posting_page import Posting, published_by_this_sending
from marketplace.demands.types import RANKED_TYPES
from marketplace.errors import NotFound
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of, signed_in
from search.judging import rome_day


@blueprint.route("/organisations/<slug>/demands/new", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def new(organisation):
    types = operations.postable_types(organisation)
    type_ = next(
        (one for one in types if one == request.args.get("type")), types[0] if len(types) == 1 else None
    )
    if type_ is None:
        law, today = engines.law(), rome_day(utc_now())
        return render_template(
            "demands/choose_type.html",
            organisation=organisation,
            types=types,
            rules={one: rules(law, one, today) for one in types},
            waiting=[draft for draft, of in _own_drafts() if of is not None and of.id == organisation.id],
        )
    return Posting(organisation, type_).answer()


@blueprint.get("/demands/drafts")
@signed_in
def drafts():
    return render_template("demands/drafts.html", drafts=_own_drafts())


@blueprint.route("/demands/drafts/<id:draft_id>", methods=["GET", "POST"])
@signed_in
def draft(draft_id):
    try:
        found = draft_operations.own_draft(db.session, current_user, draft_id)
    except NotFound:
        if "publish" in request.form and (published := published_by_this_sending()) is not None:
            return redirect(url_for("demands.show", demand_id=published.id))
        raise
    organisation = db.session.get(Organisation, found.organisation_id) if found.organisation_id else None
    return Posting(organisation, DemandType(found.type), found).answer()


@blueprint.post("/demands/drafts/<id:draft_id>/delete")
@signed_in
def delete_draft(draft_id):
    found = draft_operations.own_draft(db.session, current_user, draft_id)
    draft_operations.delete_draft(db.session, current_user, found, now=utc_now())
    flash(_("The draft has been deleted."), "success")
    return redirect(url_for("demands.drafts"))


@blueprint.post("/demands/<id:demand_id>/copy")
@signed_in
def copy(demand_id):
    demand = readable_demand(db.session, current_user, demand_id, utc_now())
    require_buyer(db.session, current_user, demand)
    prompts = [prompt.text for prompt in queries.prompts_of(db.session, demand)]
    made = draft_operations.begin_draft(
        db.session,
        current_user,
        demand.organisation,
        DemandType(demand.type),
        demand.title,
        as_fields(demand, prompts),
        copied_from=demand,
        now=utc_now(),
    )
    flash(_("Copied into a draft: check every field, and set the new dates."), "success")
    return redirect(url_for("demands.draft", draft_id=made.id))


@blueprint.post("/demands/count")
@signed_in
def count():
    """The count beside a form that is being written, for the page to show in its place; nothing is kept."""
    type_ = next((one for one in RANKED_TYPES if one == request.args.get("type")), None)
    if type_ is None:
        raise NotFound
    form = demand_form(request.form, type_)
    form.validate()
    return render_template(
        "demands/_count.html",
        form=form,
        counted=live_count(form, type_, utc_now()),
        criteria=engines.criteria(),
    )


@blueprint.post("/demands/<id:demand_id>/withdraw")
@signed_in
def withdraw(demand_id):
    demand = readable_demand(db.session, current_user, demand_id, utc_now())
    operations.withdraw_demand(db.session, current_user, demand, now=utc_now())
    flash(_("The request has been withdrawn."), "success")
    return redirect(url_for("demands.index"))


def _own_drafts() -> list[tuple[DemandDraft, Organisation | None]]:
    return draft_operations.own_drafts(db.session, current_user)
