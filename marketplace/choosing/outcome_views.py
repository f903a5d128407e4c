"""The outcome of a demand: read by everybody where a public body asked, written by the buyer."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines
from marketplace.choosing import outcome_operations
from marketplace.choosing.access import buyers_page
from marketplace.choosing.blueprint import blueprint
from marketplace.choosing.outcome_form import OutcomeForm, because_of
from marketplace.choosing.outcome_values import TAKES_OUTCOME, TOLD_IN_WORDS
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.access import demand_page
from marketplace.demands.naming import lot_names
from marketplace.demands.types import PUBLIC_TYPES
from marketplace.demands.values import matchable
from marketplace.errors import Invalid, NotFound
from marketplace.i18n import current_language
from marketplace.permissions import public, signed_in
from marketplace.proposals.deadline import moment_to_open
from marketplace.proposals.queries import count_handed_in
from marketplace.proposals.rules import may_open

FAULTS = {
    "missing": lambda: _("This is missing."),
    "future": lambda: _("This day has not come yet."),
    "odd_cig": lambda: _(
        "A CIG has ten letters and digits: this one is odd. Look at it again, or leave it empty."
    ),
    "not_here": lambda: _("Choose who answered, or write a name."),
    "no_award": lambda: _("Where nothing was awarded there is neither an act nor a supplier."),
    "unknown_lot": lambda: _("This line is not of this request."),
    "too_much": lambda: _("This cannot be used."),
}


@blueprint.get("/demands/<id:demand_id>/outcome")
@public
def outcome(demand_id):
    now = utc_now()
    page = demand_page(db.session, current_user, demand_id, now)
    shown = page.outcome is not None and (page.demand.type in PUBLIC_TYPES or page.is_buyer)
    if page.demand.type not in TAKES_OUTCOME or not (shown or page.is_buyer):
        raise NotFound
    return render_template(
        "choosing/outcome.html",
        page=page,
        lots=dict(_lots(page.demand)),
        may_record=page.is_buyer and may_open(page.demand, page.state),
        in_words=page.demand.type in TOLD_IN_WORDS,
    )


@blueprint.route("/demands/<id:demand_id>/outcome/edit", methods=["GET", "POST"])
@signed_in
def edit_outcome(demand_id):
    now = moment_to_open(db.session, demand_id, utc_now)
    page = buyers_page(db.session, current_user, demand_id, now, ranked=False)
    if page.demand.type not in TAKES_OUTCOME:
        raise NotFound
    proposals = (
        outcome_operations.handed_in(db.session, page.demand) if may_open(page.demand, page.state) else ()
    )
    suppliers = _suppliers(proposals)
    form = OutcomeForm()
    form.offer(list(suppliers.items()), _lots(page.demand))
    wrong: dict[str, str] = {}
    if request.method == "GET":
        form.show(page.outcome).offer(list(suppliers.items()), _lots(page.demand))
    elif request.form.get("more"):
        form.add_line()
        form.offer(list(suppliers.items()), _lots(page.demand))
    elif form.validate_on_submit():
        try:
            outcome_operations.record_outcome(
                db.session,
                current_user,
                page.demand,
                form.values(suppliers),
                because_of(request.form, [proposal.id for proposal in proposals]),
                now=now,
            )
        except Invalid as problem:
            _put(form, wrong, problem)
        else:
            flash(_("Recorded. Whoever answered is told by mail."), "success")
            return redirect(url_for("choosing.outcome", demand_id=demand_id))
    return render_template(
        "choosing/edit_outcome.html",
        page=page,
        form=form,
        proposals=proposals,
        wrong=wrong,
        came=count_handed_in(db.session, demand_id),
        in_words=page.demand.type in TOLD_IN_WORDS,
        is_public=page.demand.type in PUBLIC_TYPES,
        typed=request.form,
    )


def _put(form: OutcomeForm, wrong: dict[str, str], problem: Invalid) -> None:
    """The fault beside its field."""
    sentence, name = FAULTS[problem.code](), problem.field
    parts = name.split("-")
    if parts[0] == "awards" and len(parts) == 3:
        filled = [entry.form for entry in form.awards if not entry.form.is_empty]
        field = filled[int(parts[1])][parts[2]]
        field.errors = [*field.errors, sentence]
    elif name in form and name != "awards":
        form[name].errors = [*form[name].errors, sentence]
    else:
        wrong[name] = sentence


def _suppliers(proposals) -> Mapping[int, str]:
    return {proposal.organisation_id: proposal.organisation.name for proposal in proposals}


def _lots(demand) -> list[tuple[int, str]]:
    language = current_language()
    names = lot_names(matchable(demand).lots, engines.categories(), engines.cpv_labels(language), language)
    return [(lot.id, name) for lot, name in zip(demand.lots, names, strict=True)]
