"""Who could answer together, and asking them to."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.converters import written_id
from marketplace.db import db
from marketplace.demands.access import demand_page
from marketplace.errors import NotFound
from marketplace.permissions import signed_in
from marketplace.proposals import partner_operations
from marketplace.proposals.blueprint import blueprint
from marketplace.proposals.deadline import moment_to_answer
from marketplace.proposals.rules import PRICED_TYPES, takes_proposals
from marketplace.proposals.standing import answering_organisations, names_of_lots
from marketplace.proposals.together import together as found_together


@blueprint.get("/demands/<id:demand_id>/together")
@signed_in
def together(demand_id):
    now = utc_now()
    page = demand_page(db.session, current_user, demand_id, now)
    mine = answering_organisations(db.session, current_user, page.demand)
    if page.demand.type not in PRICED_TYPES or not (page.is_buyer or mine):
        raise NotFound
    found = found_together(db.session, page.demand, now)
    suitable = [one for one in mine if one.id in found.eligible]
    return render_template(
        "proposals/together.html",
        page=page,
        found=found if page.is_buyer or suitable else None,
        suitable=suitable if takes_proposals(page.demand, page.state) else [],
        lots=list(zip(page.demand.lots, names_of_lots(page.demand), strict=True)),
        place={"lat": page.demand.lat, "lon": page.demand.lon, "label": page.demand.place_label},
    )


@blueprint.post("/demands/<id:demand_id>/partners")
@signed_in
def invite(demand_id):
    slug = request.form.get("as", "")
    partner_operations.invite_partners(
        db.session,
        current_user,
        demand_id,
        slug,
        _ids(request.form.getlist("partner")),
        now=moment_to_answer(db.session, demand_id, utc_now),
    )
    flash(_("They are told by mail. Nothing is handed in before everybody has agreed."), "success")
    return redirect(url_for("proposals.answer", demand_id=demand_id, **{"as": slug}))


@blueprint.post("/demands/<id:demand_id>/partners/reply")
@signed_in
def reply_to_invitation(demand_id):
    slug, agree = request.form.get("as", ""), request.form.get("do") == "agree"
    partner_operations.reply_to_invitation(
        db.session,
        current_user,
        demand_id,
        slug,
        *_ids([request.form.get("proposal", "")]),
        agree=agree,
        now=moment_to_answer(db.session, demand_id, utc_now),
    )
    flash(_("You answer together: fill in your part.") if agree else _("They have been told."), "success")
    return redirect(url_for("proposals.answer", demand_id=demand_id, **{"as": slug}))


@blueprint.post("/demands/<id:demand_id>/partners/remove")
@signed_in
def remove_partner(demand_id):
    slug = request.form.get("as", "")
    partner_operations.remove_partner(
        db.session,
        current_user,
        demand_id,
        slug,
        *_ids([request.form.get("partner", "")]),
        now=moment_to_answer(db.session, demand_id, utc_now),
    )
    flash(_("Taken off."), "success")
    return redirect(url_for("proposals.answer", demand_id=demand_id, **{"as": slug}))


@blueprint.post("/demands/<id:demand_id>/partners/prices")
@signed_in
def show_prices(demand_id):
    slug, shown = request.form.get("as", ""), request.form.get("do") == "show"
    partner_operations.show_prices(
        db.session,
        current_user,
        demand_id,
        slug,
        shown=shown,
        now=moment_to_answer(db.session, demand_id, utc_now),
    )
    flash(
        _("Whoever has agreed reads your prices.") if shown else _("Nobody else reads your prices."),
        "success",
    )
    return redirect(url_for("proposals.answer", demand_id=demand_id, **{"as": slug}))


def _ids(texts: list[str]) -> list[int]:
    """Ids from a form. Raises :class:`NotFound` for what is none, or for none or too many of them."""
    if not 1 <= len(texts) <= 2 * partner_operations.MOST_PARTNERS:
        raise NotFound
    found = [id_ for text in texts if (id_ := written_id(text)) is not None]
    if len(found) < len(texts):
        raise NotFound
    return found
