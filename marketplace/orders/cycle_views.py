"""One's own orders, one order, and what its coordinator does with it."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid
from marketplace.households.queries import households
from marketplace.orders import given_queries, operations, queries, sentences, sharing_text
from marketplace.orders.blueprint import blueprint
from marketplace.orders.forms import CancelForm, MinimumForm
from marketplace.orders.lifecycle import UNDER_WAY, State, state
from marketplace.orders.models import MinimumChoice, OrderCycle, OrderSeries
from marketplace.orders.queries import LAST_ENDED
from marketplace.permissions import member_of, signed_in


@blueprint.get("/orders")
@signed_in
def index():
    found = queries.orders_of(db.session, current_user, utc_now())
    under_way = [order for order in found if order.state in UNDER_WAY]
    return render_template(
        "orders/index.html",
        under_way=sorted(under_way, key=lambda order: (order.state is not State.OPEN, order.cycle.closes_at)),
        ended=[order for order in found if order.state not in UNDER_WAY][:LAST_ENDED],
        may_open=queries.groups_of_editor(db.session, current_user),
        sentences=sentences,
    )


@blueprint.get("/orders/<id:cycle_id>")
@signed_in
def show(cycle_id):
    return _page(cycle_id)


def _page(cycle_id: int, *, minimum_form=None, cancel_form=None):
    now = utc_now()
    cycle, standing = queries.cycle_for(db.session, current_user, cycle_id, now)
    found = state(cycle, now)
    rows = queries.product_rows(db.session, cycle, with_withdrawn=True)
    booked = queries.booked_total(rows)
    waits = found is State.CLOSED and cycle.fixed_at is None and standing.is_coordinator
    missed = (
        waits
        and cycle.minimum_total is not None
        and operations.ordered_total(db.session, cycle) < cycle.minimum_total
    )
    own_groups = [group for group in standing.groups if group.id in standing.referente_of]
    return render_template(
        "orders/show.html",
        cycle=cycle,
        state=found,
        series=db.session.get(OrderSeries, cycle.series_id) if cycle.series_id else None,
        standing=standing,
        rows=rows,
        booked=booked,
        missed=missed,
        waits=waits,
        groups=queries.groups_of(db.session, cycle) if standing.takes_part else [],
        asking=queries.asking_groups(db.session, cycle) if standing.is_coordinator else [],
        own=[
            (group, queries.baskets_of_group(db.session, cycle, group), households(db.session, group.organisation_id))
            for group in own_groups
        ],
        bookable=queries.bookable(db.session, current_user, cycle) if standing.groups else [],
        given=[
            (group, given_queries.given_to(db.session, cycle, group_id=group.id)) for group in own_groups
        ] if cycle.fixed_at else [],
        mine=_what_mine_get(cycle) if cycle.fixed_at and not cycle.cancelled_at else [],
        text=sharing_text.ready(cycle, found, rows, booked),
        minimum_form=minimum_form or MinimumForm(formdata=None),
        cancel_form=cancel_form or CancelForm(formdata=None),
        sentences=sentences,
    )  # fmt: skip


def _what_mine_get(cycle: OrderCycle):
    """The reader's own households, each with what it gets and what it pays."""
    own = given_queries.own_baskets(db.session, current_user, cycle)
    totals = queries.totals_of(db.session, cycle) if own else {}
    return [
        (household, given_queries.given_to(db.session, cycle, basket_id=basket.id), totals.get(basket.id))
        for household, basket in own
    ]


@blueprint.post("/orders/<id:cycle_id>/cancel")
@member_of(OrderCycle, "cycle_id")
def cancel(order_cycle):
    form = CancelForm()
    try:
        operations.cancel_cycle(
            db.session, current_user, order_cycle.id, form.reason.data or "", now=utc_now()
        )
    except Invalid as refused:
        db.session.rollback()
        form.reason.errors = [refused.message]
        return _page(order_cycle.id, cancel_form=form), 400
    flash(_("The order is cancelled."), "success")
    return redirect(url_for("orders.index"))


@blueprint.post("/orders/<id:cycle_id>/close")
@member_of(OrderCycle, "cycle_id")
def close(order_cycle):
    cycle_id = order_cycle.id
    try:
        operations.fix_cycle(db.session, cycle_id, now=utc_now(), actor=current_user)
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        flash(_("Boxes and shares have been worked out."), "success")
    return redirect(url_for("orders.show", cycle_id=cycle_id))


@blueprint.post("/orders/<id:cycle_id>/minimum")
@member_of(OrderCycle, "cycle_id")
def minimum(order_cycle):
    cycle_id, form = order_cycle.id, MinimumForm()
    if not form.validate_on_submit():
        return _page(cycle_id, minimum_form=form), 400
    try:
        target = operations.choose_where_minimum_missed(
            db.session,
            current_user,
            cycle_id,
            MinimumChoice(form.choice.data),
            now=utc_now(),
            closes_at=form.closes_at.data,
        )
    except Invalid as refused:
        db.session.rollback()
        form.closes_at.errors = [refused.message]
        return _page(cycle_id, minimum_form=form), 400
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
        return redirect(url_for("orders.show", cycle_id=cycle_id))
    flash(_("Done: everybody is told by mail."), "success")
    return redirect(url_for("orders.show", cycle_id=target.id))
