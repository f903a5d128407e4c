"""Making a published request clear, and giving more time."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.access import demand_page, require_buyer
from marketplace.demands.blueprint import blueprint
from marketplace.demands.clarify_forms import ClarifyForm
from marketplace.demands.clarify_operations import clarify_demand
from marketplace.demands.models import Demand
from marketplace.errors import Invalid
from marketplace.permissions import signed_in


@blueprint.route("/demands/<id:demand_id>/clarify", methods=["GET", "POST"])
@signed_in
def clarify(demand_id):
    page = demand_page(db.session, current_user, demand_id, utc_now())
    require_buyer(db.session, current_user, page.demand)
    form = ClarifyForm(obj=page.demand)
    for name in ("closes_at", "questions_until"):
        if getattr(page.demand, name) is None:
            # where there was no deadline, one would come earlier than none
            del form[name]
    if form.validate_on_submit() and _clarified(page.demand, form):
        flash(_("Published. Who has asked or answered is told by mail."), "success")
        return redirect(url_for("demands.show", demand_id=demand_id, _anchor="clarifications"))
    return render_template("demands/clarify.html", page=page, form=form)


def _clarified(demand: Demand, form: ClarifyForm) -> bool:
    sent = form.document.sent
    try:
        clarify_demand(
            db.session,
            current_user,
            demand,
            text=form.text.data or "",
            questions_until=form.questions_until.data if "questions_until" in form else None,
            closes_at=form.closes_at.data if "closes_at" in form else None,
            file=(sent.content, sent.name, form.document_title.data or "") if sent else None,
            now=utc_now(),
        )
    except Invalid as refused:
        # nothing of what was tried may be kept
        db.session.rollback()
        field = form[refused.field] if refused.field in form else form.text
        field.errors = [refused.message]
        return False
    return True
