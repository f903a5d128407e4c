"""The money of one order: who owes what, ticked at the table, and charged to the accounts of a group that keeps them."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid
from marketplace.households.queries import settings_of
from marketplace.ledger import charge_operations, invoices, owing, paying_operations, sentences
from marketplace.ledger.blueprint import blueprint, group_only
from marketplace.ledger.forms import PaidForm
from marketplace.ledger.order_reading import read_order
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of


@blueprint.get("/organisations/<slug>/cassa/orders/<id:cycle_id>")
@member_of(Organisation, "slug")
def order(organisation, cycle_id):
    group_only(organisation)
    cycle, group = charge_operations.cycle_of_group(db.session, organisation.id, cycle_id)
    settings = settings_of(db.session, organisation.id)
    read = read_order(db.session, cycle)
    found = owing.order_money(db.session, cycle, group, read.totals)
    return render_template(
        "ledger/order.html", organisation=organisation, cycle=cycle, found=found, settings=settings,
        text=owing.ready_text(cycle, found, settings), sentences=sentences,
        suppliers=invoices.supplier_money(db.session, cycle, group, read),
    )  # fmt: skip


@blueprint.post("/organisations/<slug>/cassa/orders/<id:cycle_id>/charge")
@member_of(Organisation, "slug")
def charge(organisation, cycle_id):
    slug, organisation_id = organisation.slug, group_only(organisation).id
    try:
        count = charge_operations.charge_cycle(
            db.session, current_user, organisation_id, cycle_id, now=utc_now()
        )
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        flash(
            _("The accounts follow the order: %(count)s new entries.", count=count)
            if count
            else _("The accounts say already what the order says."),
            "success",
        )
    return redirect(url_for("ledger.order", slug=slug, cycle_id=cycle_id))


@blueprint.post("/organisations/<slug>/cassa/orders/<id:cycle_id>/paid/<id:basket_id>")
@member_of(Organisation, "slug")
def paid(organisation, cycle_id, basket_id):
    slug, organisation_id, form = organisation.slug, group_only(organisation).id, PaidForm()
    charge_operations.cycle_of_group(db.session, organisation_id, cycle_id)
    if not form.validate_on_submit():
        flash(_("This is no amount: nothing has been ticked."), "warning")
    else:
        try:
            paying_operations.take_payment(
                db.session, current_user, organisation_id, basket_id, form.amount.data, now=utc_now()
            )
        except Invalid as refused:
            db.session.rollback()
            flash(refused.message, "warning")
    return redirect(url_for("ledger.order", slug=slug, cycle_id=cycle_id, _anchor=f"basket-{basket_id}"))


@blueprint.post("/organisations/<slug>/cassa/orders/<id:cycle_id>/unpaid/<id:basket_id>")
@member_of(Organisation, "slug")
def unpaid(organisation, cycle_id, basket_id):
    slug, organisation_id = organisation.slug, group_only(organisation).id
    charge_operations.cycle_of_group(db.session, organisation_id, cycle_id)
    paying_operations.undo_payment(db.session, current_user, organisation_id, basket_id, now=utc_now())
    return redirect(url_for("ledger.order", slug=slug, cycle_id=cycle_id, _anchor=f"basket-{basket_id}"))
