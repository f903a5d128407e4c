"""Frozen lists: freezing one, reading one, as page, PDF and JSON."""

from datetime import datetime

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.choosing import list_operations
from marketplace.choosing.access import buyers_page
from marketplace.choosing.blueprint import blueprint
from marketplace.choosing.change_words import RULES
from marketplace.choosing.frozen_input import content_of_today
from marketplace.choosing.list_page import list_page, since
from marketplace.choosing.list_queries import frozen_list, frozen_lists
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.file_answers import made_file
from marketplace.i18n import current_language
from marketplace.permissions import signed_in
from marketplace.proposals.deadline import moment_to_open


@blueprint.get("/demands/<id:demand_id>/lists")
@signed_in
def lists(demand_id):
    page = buyers_page(db.session, current_user, demand_id, utc_now(), ranked=True)
    return render_template("choosing/lists.html", page=page, lists=frozen_lists(db.session, demand_id))


@blueprint.post("/demands/<id:demand_id>/lists")
@signed_in
def freeze_list(demand_id):
    now = moment_to_open(db.session, demand_id, utc_now)
    page = buyers_page(db.session, current_user, demand_id, now, ranked=True)
    kept = list_operations.freeze_list(db.session, current_user, page.demand, now=now)
    flash(_("Frozen: this list stays as it is."), "success")
    return redirect(url_for("choosing.show_list", demand_id=demand_id, kept_id=kept.id))


@blueprint.get("/demands/<id:demand_id>/lists/<id:kept_id>")
@signed_in
def show_list(demand_id, kept_id):
    now = moment_to_open(db.session, demand_id, utc_now)
    page, kept = _kept(demand_id, kept_id, now)
    listed = list_page(kept.content)
    return render_template(
        "choosing/list.html",
        page=page,
        kept=kept,
        listed=listed,
        since=since(listed, content_of_today(db.session, current_user, page.demand, now)),
        rules=RULES,
    )


@blueprint.get("/demands/<id:demand_id>/lists/<id:kept_id>.pdf")
@signed_in
def list_as_pdf(demand_id, kept_id):
    page, kept = _kept(demand_id, kept_id, utc_now())
    buyer = page.demand.organisation.name if page.demand.organisation else ""
    # here: its library is slow to import
    from marketplace.choosing.list_pdf import list_pdf

    content = list_pdf(list_page(kept.content), buyer, kept.at, kept.sha256, current_language())
    return made_file(content, "application/pdf", f"elenco-{demand_id}-{kept_id}.pdf")


@blueprint.get("/demands/<id:demand_id>/lists/<id:kept_id>.json")
@signed_in
def list_as_json(demand_id, kept_id) -> Response:
    """The very bytes whose SHA-256 the page shows."""
    _page, kept = _kept(demand_id, kept_id, utc_now())
    return made_file(kept.content.encode("utf-8"), "application/json", f"elenco-{demand_id}-{kept_id}.json")


def _kept(demand_id: int, kept_id: int, now: datetime):
    page = buyers_page(db.session, current_user, demand_id, now, ranked=True)
    return page, frozen_list(db.session, demand_id, kept_id)
