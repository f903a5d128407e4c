"""What goes to the suppliers of an order and what they answered, for who coordinates it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.order_sheets import ready_text, sending
from marketplace.order_sheets.access import has_account
from marketplace.order_sheets.answers import decide_substitution, ordered_products
from marketplace.order_sheets.blueprint import blueprint
from marketplace.order_sheets.forms import AddressForm
from marketplace.order_sheets.link_tokens import new_token
from marketplace.order_sheets.queries import households_together, sheet_of
from marketplace.order_sheets.sheet_answer import sheet_answer
from marketplace.orders.models import CycleSource, OrderCycle
from marketplace.page_address import whole_address
from marketplace.permissions import member_of


@blueprint.get("/orders/<id:cycle_id>/suppliers")
@member_of(OrderCycle, "cycle_id")
def suppliers(order_cycle):
    return _page(order_cycle)


def _page(cycle: OrderCycle, *, wrong_address: int | None = None, new_link: tuple[int, str] | None = None):
    parts = [
        (
            source,
            sheet_of(db.session, cycle, source),
            ordered_products(db.session, source),
            has_account(db.session, source),
            sending.declined(db.session, source),
        )
        for source in cycle.sources
    ]
    return render_template(
        "order_sheets/suppliers.html",
        cycle=cycle,
        parts=parts,
        households=households_together(db.session, cycle) if cycle.fixed_at else {},
        text=ready_text.ready(
            cycle,
            [(source, ordered) for source, _sheet, ordered, *_rest in parts],
            whole_address("orders.book", cycle_id=cycle.id),
        ),
        wrong_address=wrong_address,
        new_link=new_link,
    )


@blueprint.post("/orders/<id:cycle_id>/send")
@member_of(OrderCycle, "cycle_id")
def send(order_cycle):
    cycle_id = order_cycle.id
    try:
        sent = sending.send_order(
            db.session,
            cycle_id,
            now=utc_now(),
            new_token=new_token,
            actor=current_user,
            by_hand=bool(request.form.get("by_hand")),
        )
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        flash(_("The order is with the supplier.") if sent else _("It was sent already."), "success")
    return redirect(url_for("order_sheets.suppliers", cycle_id=cycle_id))


@blueprint.post("/orders/<id:cycle_id>/suppliers/<id:source_id>/<any(address, again, link):step>")
@member_of(OrderCycle, "cycle_id")
def reach(order_cycle, source_id, step):
    """Another address, the mail once more, or a link to pass on by hand."""
    cycle_id, now = order_cycle.id, utc_now()
    try:
        if step == "address":
            form = AddressForm()
            if not form.validate_on_submit():
                return _page(order_cycle, wrong_address=source_id), 400
            sending.change_address(db.session, current_user, cycle_id, source_id, form.email.data, now=now)
            flash(_("The address is kept."), "success")
        elif step == "again":
            sending.send_again(db.session, current_user, cycle_id, source_id, now=now, new_token=new_token)
            flash(_("The mail is on its way once more."), "success")
        else:
            token = sending.make_link(
                db.session, current_user, cycle_id, source_id, now=now, new_token=new_token
            )
            cycle = db.session.get_one(OrderCycle, cycle_id)
            return _page(cycle, new_link=(source_id, whole_address("order_sheets.by_link", token=token)))
    except (Conflict, Invalid) as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    return redirect(url_for("order_sheets.suppliers", cycle_id=cycle_id))


@blueprint.get("/orders/<id:cycle_id>/suppliers/<id:source_id>/order.<any(pdf, xlsx, gdxp):file_kind>")
@member_of(OrderCycle, "cycle_id")
def sheet_file(order_cycle, source_id, file_kind):
    source = db.session.get(CycleSource, source_id)
    if source is None or source.cycle_id != order_cycle.id or order_cycle.fixed_at is None:
        raise NotFound
    return sheet_answer(sheet_of(db.session, order_cycle, source), file_kind, utc_now())


@blueprint.post("/orders/<id:cycle_id>/substitutions/<id:product_id>/<any(accept, refuse):verdict>")
@member_of(OrderCycle, "cycle_id")
def decide(order_cycle, product_id, verdict):
    cycle_id = order_cycle.id
    try:
        decide_substitution(
            db.session, current_user, cycle_id, product_id, accept=verdict == "accept", now=utc_now()
        )
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        flash(_("Done: everybody is told by mail."), "success")
    return redirect(url_for("order_sheets.suppliers", cycle_id=cycle_id))
