"""Closing the accounts of an order: who owes what is looked at, then one button; and opening them again."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict
from marketplace.households.queries import settings_of
from marketplace.ledger import owing, settling
from marketplace.ledger.blueprint import blueprint
from marketplace.ledger.order_reading import read_order
from marketplace.orders.lifecycle import state
from marketplace.orders.models import OrderCycle
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of


@blueprint.get("/orders/<id:cycle_id>/settle")
@member_of(OrderCycle, "cycle_id")
def settle(order_cycle):
    order = read_order(db.session, order_cycle)
    parts = settling.parts(db.session, order_cycle, order)
    own = next((one.group for one in parts if one.group.organisation_id == order_cycle.organisation_id), None)
    found = owing.order_money(db.session, order_cycle, own, order.totals) if own else None
    settings = settings_of(db.session, order_cycle.organisation_id)
    return render_template(
        "ledger/settle.html",
        cycle=order_cycle,
        state=state(order_cycle, utc_now()),
        organisation=db.session.get_one(Organisation, order_cycle.organisation_id),
        parts=parts,
        found=found,
        settings=settings,
        unweighed=settling.unweighed(order),
        text=owing.ready_text(order_cycle, found, settings) if found else "",
    )


@blueprint.post("/orders/<id:cycle_id>/settle")
@member_of(OrderCycle, "cycle_id")
def do_settle(order_cycle):
    cycle_id = order_cycle.id
    try:
        done = settling.settle_cycle(db.session, current_user, cycle_id, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        if done:
            flash(_("The accounts of the order are closed: everybody is told."), "success")
    return redirect(url_for("ledger.settle", cycle_id=cycle_id))


@blueprint.post("/orders/<id:cycle_id>/settle/undo")
@member_of(OrderCycle, "cycle_id")
def reopen(order_cycle):
    cycle_id = order_cycle.id
    if settling.reopen_cycle(db.session, current_user, cycle_id, now=utc_now()):
        flash(
            _(
                "The accounts of the order are open again: every charge was taken back by an entry of its own."
            ),
            "success",
        )
    return redirect(url_for("ledger.settle", cycle_id=cycle_id))
