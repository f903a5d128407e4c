"""The page on which a household books: one form with everything, for a phone, whole without JavaScript."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.converters import written_id, written_version
from marketplace.db import db
from marketplace.errors import Conflict
from marketplace.form_text import several_lines
from marketplace.orders import given_queries, queries, sentences
from marketplace.orders.blueprint import blueprint
from marketplace.orders.booking_operations import MAX_KEY, BookingRefused, save_basket
from marketplace.orders.lifecycle import state
from marketplace.orders.models import OrderCycle
from marketplace.orders.products_form import read_lines
from marketplace.organisations.models import Organisation
from marketplace.permissions import signed_in

MAX_NOTE = 1000


@blueprint.get("/orders/<id:cycle_id>/book")
@signed_in
def book(cycle_id):
    return _page(cycle_id)


@blueprint.post("/orders/<id:cycle_id>/book")
@signed_in
def save_booking(cycle_id):
    # who may book in it is asked by the operation, and for the page of what cannot be read
    household_id = _household() or written_id(request.form.get("household", "")) or 0
    lines, problems = read_lines(request.form)
    if problems:
        return _page(cycle_id, problems=problems, household_id=household_id), 400
    note = request.form.get("note")
    try:
        save_basket(
            db.session,
            current_user,
            cycle_id,
            household_id,
            lines,
            version=written_version(request.form.get("version")),
            key=request.form.get("key", "")[: MAX_KEY + 1],
            now=utc_now(),
            note=None if note is None else several_lines(note)[:MAX_NOTE],
            place_id=written_id(request.form.get("place", "")),
        )
    except BookingRefused as refused:
        db.session.rollback()
        products = {product.id: product for product in db.session.get_one(OrderCycle, cycle_id).products}
        told = {
            id_: " ".join(sentences.refusal(reason, products.get(id_)) for reason in reasons)
            for id_, reasons in refused.reasons.items()
        }
        return _page(cycle_id, problems=told, message=refused.message, household_id=household_id), 409
    except Conflict as refused:
        db.session.rollback()
        return _page(cycle_id, message=refused.message, household_id=household_id), 409
    flash(_("Your booking is saved."), "success")
    own = {} if request.args.get("household") is None else {"household": household_id}
    return redirect(url_for("orders.book", cycle_id=cycle_id, **own))


def _page(cycle_id: int, *, problems=None, message: str = "", household_id: int | None = None):
    now = utc_now()
    cycle, standing = queries.cycle_for(db.session, current_user, cycle_id, now, also_open=False)
    page = queries.booking_page(db.session, current_user, cycle, household_id or _household(), now)
    if page is None:
        groups = [db.session.get_one(Organisation, group.organisation_id) for group in standing.groups]
        return render_template("orders/no_household.html", cycle=cycle, groups=groups)
    problems = problems or {}
    return render_template(
        "orders/book.html",
        cycle=cycle,
        state=state(cycle, now),
        page=page,
        problems=problems,
        message=message or problems.get(0) or (_("Some lines need another look.") if problems else ""),
        typed=request.form if request.method == "POST" else {},
        key=request.form.get("key") if problems or message else secrets.token_urlsafe(16),
        total=queries.totals_of(db.session, cycle).get(page.basket.id) if page.basket else None,
        given=given_queries.given_to(db.session, cycle, basket_id=page.basket.id)
        if page.basket and cycle.fixed_at
        else [],
        for_neighbour=request.args.get("household") is not None,
        sentences=sentences,
    )


def _household() -> int | None:
    return written_id(request.args.get("household", ""))
