"""A resident's wish: written here, let through by the district's desk."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import DataRequired, Length, Optional

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands import wish_operations
from marketplace.demands.blueprint import blueprint
from marketplace.demands.models import DemandType
from marketplace.demands.naming import lot_names
from marketplace.demands.posting_page import Posting
from marketplace.demands.values import matchable
from marketplace.errors import Conflict, Invalid
from marketplace.form_choices import choices
from marketplace.form_text import ProseField
from marketplace.i18n import current_language
from marketplace.permissions import secretariat, signed_in


class WishDecisionForm(FlaskForm):
    verdict = RadioField(
        lazy_gettext("Decision"),
        [DataRequired(lazy_gettext("Choose one."))],
        choices=choices({"publish": lazy_gettext("Publish it"), "refuse": lazy_gettext("Do not publish it")}),
    )
    reason = ProseField(lazy_gettext("Why not, for the author to read"), [Optional(), Length(max=2000)])


@blueprint.route("/wishes/new", methods=["GET", "POST"])
@signed_in
def new_wish():
    return Posting(None, DemandType.WISH).answer()


@blueprint.route("/desk/wishes/<id:wish_id>", methods=["GET", "POST"])
@secretariat
def wish(wish_id):
    found = wish_operations.waiting_wish(db.session, wish_id)
    form = WishDecisionForm()
    if form.validate_on_submit():
        approved = form.verdict.data == "publish"
        try:
            wish_operations.decide_wish(
                db.session,
                current_user,
                found,
                approved=approved,
                reason=form.reason.data or "",
                now=utc_now(),
            )
        except Invalid as refused:
            form.reason.errors = [refused.message]
        except Conflict as refused:
            form.form_errors.append(refused.message)
        else:
            flash(_("Published.") if approved else _("Refused. The author is told by mail."), "success")
            return redirect(url_for("admin.desk"))
    language = current_language()
    return render_template(
        "demands/wish_decision.html",
        demand=found,
        form=form,
        names=lot_names(matchable(found).lots, engines.categories(), engines.cpv_labels(language), language),
    )
