"""Transport, discounts and documented costs: entered with a look at who pays what."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace import uploads
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.file_answers import file_answer
from marketplace.orders import cost_operations, queries, reading, sentences
from marketplace.orders.blueprint import blueprint
from marketplace.orders.cost_preview import by_group, changed_by
from marketplace.orders.forms import CostForm
from marketplace.orders.lifecycle import State, state
from marketplace.orders.models import CycleCost, OrderCycle
from marketplace.orders.totals import Cost
from marketplace.permissions import member_of
from marketplace.upload_content import ATTACHMENTS, media_type


@blueprint.get("/orders/<id:cycle_id>/costs")
@member_of(OrderCycle, "cycle_id")
def costs(order_cycle):
    return _page(order_cycle, _form(order_cycle, empty=True))


def _form(cycle: OrderCycle, *, empty: bool = False) -> CostForm:
    form = CostForm(formdata=None) if empty else CostForm()
    form.offer(
        [(source.id, source.name) for source in cycle.sources],
        [(row.group.id, row.organisation.name) for row in queries.groups_of(db.session, cycle)],
    )
    return form


def _page(cycle: OrderCycle, form: CostForm, changed=None):
    groups = queries.groups_of(db.session, cycle)
    own = [
        (row.organisation, queries.baskets_of_group(db.session, cycle, row.group))
        for row in groups
        if row.organisation.id == cycle.organisation_id
    ]
    changed_of = {row.basket: row for row in changed or ()}
    return render_template(
        "orders/costs.html",
        cycle=cycle,
        form=form,
        previewed=changed is not None,
        households=[
            (basket.household.name, changed_of[basket.basket.id])
            for _organisation, baskets in own
            for basket in baskets
            if basket.basket.id in changed_of
        ],
        groups=[(row.organisation.name, by_group(changed or ()).get(row.group.id, (0, 0))) for row in groups],
        editable=state(cycle, utc_now()) not in {State.SETTLED, State.CANCELLED},
        sentences=sentences,
    )


@blueprint.post("/orders/<id:cycle_id>/costs")
@member_of(OrderCycle, "cycle_id")
def add_cost(order_cycle):
    """Adds it, or with the button of the preview only shows whom it would change what."""
    cycle_id, form = order_cycle.id, _form(order_cycle)
    if not form.validate_on_submit():
        return _page(order_cycle, form), 400
    try:
        if form.preview.data:
            return _page(order_cycle, form, _preview(order_cycle, form))
        cost_operations.add_cost(
            db.session,
            current_user,
            cycle_id,
            **form.values(),
            document=form.document.sent.content if form.document.sent else None,
            now=utc_now(),
        )
    except Invalid as refused:
        db.session.rollback()
        form[refused.field].errors = [refused.message]
        return _page(order_cycle, form), 400
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    return redirect(url_for("orders.costs", cycle_id=cycle_id))


def _preview(cycle: OrderCycle, form: CostForm):
    values = form.values()
    checked = ("kind", "amount", "percent", "source_id", "group_id")
    cost_operations.check_cost(db.session, cycle, **{name: values[name] for name in checked})
    new = Cost(
        0, values["kind"], values["split_by"], values["amount"], values["percent"], values["threshold"],
        values["group_id"], values["source_id"],
    )  # fmt: skip
    return changed_by(queries.lines_of(db.session, cycle), reading.costs_of(db.session, cycle.id), new)


@blueprint.post("/orders/<id:cycle_id>/costs/<id:cost_id>/remove")
@member_of(OrderCycle, "cycle_id")
def remove_cost(order_cycle, cost_id):
    cycle_id = order_cycle.id
    try:
        cost_operations.remove_cost(db.session, current_user, cycle_id, cost_id, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    return redirect(url_for("orders.costs", cycle_id=cycle_id))


@blueprint.get("/orders/<id:cycle_id>/costs/<id:cost_id>/document")
@member_of(OrderCycle, "cycle_id")
def cost_document(order_cycle, cost_id):
    cost = db.session.get(CycleCost, cost_id)
    if cost is None or cost.cycle_id != order_cycle.id or not cost.stored_as:
        raise NotFound
    with uploads.open(cost.stored_as) as file:
        kind = media_type(file.read(), allowed=ATTACHMENTS)
    return file_answer(cost.stored_as, kind, cost.label or _("Document"))
