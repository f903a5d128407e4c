"""The supplier's invoice of an order: registered beside what was delivered, or removed again."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace import uploads
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.file_answers import file_answer
from marketplace.ledger import charge_operations, invoice_operations, invoices
from marketplace.ledger.blueprint import blueprint, group_only
from marketplace.ledger.forms import InvoiceForm
from marketplace.ledger.order_reading import read_order
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of
from marketplace.rome_time import ROME
from marketplace.upload_content import INVOICES, media_type


@blueprint.route(
    "/organisations/<slug>/cassa/orders/<id:cycle_id>/invoices/<id:source_id>", methods=["GET", "POST"]
)
@member_of(Organisation, "slug")
def invoice(organisation, cycle_id, source_id):
    group_only(organisation)
    cycle, group = charge_operations.cycle_of_group(db.session, organisation.id, cycle_id)
    money = invoices.supplier_money(db.session, cycle, group, read_order(db.session, cycle))
    found = next((row for row in money if row.source.id == source_id), None)
    if found is None:
        raise NotFound
    form = InvoiceForm(issued=utc_now().astimezone(ROME).date(), **_as_delivered(found))
    if form.validate_on_submit():
        try:
            invoice_operations.register_invoice(
                db.session,
                current_user,
                organisation.id,
                cycle_id,
                source_id,
                number=form.number.data,
                issued=form.issued.data,
                rates=form.amounts(),
                document=form.document.sent.content if form.document.sent else None,
                now=utc_now(),
            )
        except (Invalid, Conflict) as refused:
            db.session.rollback()
            form.number.errors = [refused.message]
        else:
            flash(_("The invoice has been registered."), "success")
            return _to_order(organisation.slug, cycle_id)
    status = 400 if request.method == "POST" else 200
    return render_template(
        "ledger/invoice.html",
        organisation=organisation,
        cycle=cycle,
        found=found,
        form=form,
        rates=invoices.RATES,
    ), status


def _as_delivered(found: invoices.SupplierMoney) -> dict[str, int]:
    """The form as the invoice should be; once there is one, the next begins empty."""
    if found.invoices:
        return {}
    values = {}
    for row in found.rows:
        values |= {f"net_{row.rate}": max(row.net, 0) or None, f"vat_{row.rate}": max(row.vat, 0) or None}
    return values


@blueprint.get("/organisations/<slug>/cassa/orders/<id:cycle_id>/invoices/<id:invoice_id>/file")
@member_of(Organisation, "slug")
def invoice_file(organisation, cycle_id, invoice_id):
    """For the group's editors only: it names whoever the supplier made it out to."""
    group_only(organisation)
    _cycle, group = charge_operations.cycle_of_group(db.session, organisation.id, cycle_id)
    found = invoice_operations.invoice_of(db.session, group, invoice_id)
    if not found.stored_as:
        raise NotFound
    with uploads.open(found.stored_as) as file:
        kind = media_type(file.read(), allowed=INVOICES)
    return file_answer(found.stored_as, kind, _("Invoice %(number)s", number=found.number))


@blueprint.post("/organisations/<slug>/cassa/orders/<id:cycle_id>/invoices/<id:invoice_id>/remove")
@member_of(Organisation, "slug")
def remove_invoice(organisation, cycle_id, invoice_id):
    slug, organisation_id = organisation.slug, group_only(organisation).id
    invoice_operations.remove_invoice(
        db.session, current_user, organisation_id, cycle_id, invoice_id, now=utc_now()
    )
    return _to_order(slug, cycle_id)


def _to_order(slug: str, cycle_id: int):
    return redirect(url_for("ledger.order", slug=slug, cycle_id=cycle_id, _anchor="invoices"))
