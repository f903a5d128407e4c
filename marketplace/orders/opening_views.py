"""Opening an order: choose suppliers, say when and where, choose products, confirm."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.converters import written_id, written_version
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.orders import opening_operations, opening_queries, queries, series_round, withdrawing
from marketplace.orders.blueprint import blueprint
from marketplace.orders.common_needs import common_need
from marketplace.orders.forms import CycleForm
from marketplace.orders.group_views import vars_of
from marketplace.orders.models import OrderCycle, OrderSeries
from marketplace.orders.products_form import read_products
from marketplace.orders.sources import SourceKey
from marketplace.permissions import member_of, signed_in

MAX_SOURCES = 20


@blueprint.route("/orders/new", methods=["GET", "POST"])
@signed_in
def new():
    groups = queries.groups_of_editor(db.session, current_user)
    chosen = request.args.get("group", "")
    group = next(
        (one for one in groups if one.slug == chosen), groups[0] if len(groups) == 1 and not chosen else None
    )
    if group is None:
        if chosen and groups:
            raise NotFound
        return render_template("orders/choose_group.html", groups=groups)
    keys = _keys(request.args.getlist("source"))
    common = None
    if demand_id := written_id(request.args.get("demand", "")):
        common = common_need(db.session, group.id, demand_id)
        if not keys and common.source is not None:
            keys = [common.source]
    if not keys:
        return render_template(
            "orders/choose_source.html",
            group=group,
            lists=opening_queries.private_lists(db.session, group),
            suppliers=opening_queries.suppliers(db.session, group, request.args.get("q", "")[:80]),
            demand_id=common.demand_id if common else None,
            q=request.args.get("q", "")[:80],
        )
    form = CycleForm()
    if request.form.get("more"):
        form.add_place()
    elif form.validate_on_submit():
        try:
            cycle = opening_operations.draft_cycle(
                db.session,
                current_user,
                group,
                form.values(),
                keys,
                form.given_places(),
                every_weeks=form.every_weeks.data,
                demand_id=common.demand_id if common else None,
                now=utc_now(),
            )
        except Invalid as refused:
            _beside_its_field(form, refused)
        else:
            return redirect(url_for("orders.products", cycle_id=cycle.id))
    status = 400 if form.errors else 200
    names = opening_queries.source_names(db.session, group, keys)
    if request.method == "GET":
        form.title.data = common.title if common else ", ".join(names)[:160]
        form.open_to_groups.data = common is not None
        form.propose(utc_now())
    return render_template("orders/cycle_form.html", form=form, group=group, names=names, cycle=None), status


def _keys(texts: list[str]) -> list[SourceKey]:
    found = []
    for text in texts[:MAX_SOURCES]:
        kind, _mark, number = text.partition("-")
        id_ = written_id(number)
        if id_ is None:
            continue
        if kind == "list":
            found.append(SourceKey(private_list_id=id_))
        elif kind == "supplier":
            found.append(SourceKey(organisation_id=id_))
    return found


def _beside_its_field(form: CycleForm, refused: Invalid) -> None:
    if refused.field in form:
        form[refused.field].errors = [*form[refused.field].errors, refused.message]
    else:
        form.form_errors.append(refused.message)


@blueprint.route("/orders/<id:cycle_id>/edit", methods=["GET", "POST"])
@member_of(OrderCycle, "cycle_id")
def edit(order_cycle):
    own = next(group for group in order_cycle.groups if group.organisation_id == order_cycle.organisation_id)
    form = CycleForm(obj=order_cycle, places=[vars_of(place) for place in own.places])
    del form.every_weeks
    if request.form.get("more"):
        form.add_place()
    elif form.validate_on_submit():
        try:
            opening_operations.edit_cycle(
                db.session,
                current_user,
                order_cycle,
                form.values(),
                form.given_places(),
                written_version(form.version.data),
                now=utc_now(),
            )
        except Invalid as refused:
            _beside_its_field(form, refused)
        else:
            return redirect(url_for("orders.show", cycle_id=order_cycle.id))
    status = 400 if request.method == "POST" else 200
    return render_template(
        "orders/cycle_form.html", form=form, group=None, names=[], cycle=order_cycle
    ), status


@blueprint.route("/orders/<id:cycle_id>/products", methods=["GET", "POST"])
@member_of(OrderCycle, "cycle_id")
def products(order_cycle):
    problems: dict[int, str] = {}
    if request.method == "POST":
        chosen, problems = read_products(request.form, order_cycle.products)
        if not problems:
            try:
                opening_operations.choose_products(
                    db.session, current_user, order_cycle, chosen, now=utc_now()
                )
            except Invalid as refused:
                db.session.rollback()
                flash(refused.message, "danger")
            else:
                return redirect(url_for("orders.show", cycle_id=order_cycle.id))
    status = 400 if request.method == "POST" else 200
    return render_template("orders/products.html", cycle=order_cycle, problems=problems), status


@blueprint.post("/orders/<id:cycle_id>/products/<id:product_id>/<any(withdraw, restore):what>")
@member_of(OrderCycle, "cycle_id")
def set_withdrawn(order_cycle, product_id, what):
    cycle_id = order_cycle.id
    try:
        withdrawing.set_withdrawn(
            db.session, current_user, cycle_id, product_id, what == "withdraw", now=utc_now()
        )
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    return redirect(url_for("orders.show", cycle_id=cycle_id, _anchor="products"))


@blueprint.post("/orders/series/<id:series_id>/stop")
@member_of(OrderSeries, "series_id")
def stop_series(order_series):
    series_round.stop_series(db.session, current_user, order_series, now=utc_now())
    flash(_("The series is stopped: no further drafts are made."), "success")
    return redirect(url_for("orders.index"))


@blueprint.post("/orders/<id:cycle_id>/confirm")
@member_of(OrderCycle, "cycle_id")
def confirm(order_cycle):
    try:
        opening_operations.confirm_cycle(db.session, current_user, order_cycle, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "danger")
    else:
        flash(_("The order is confirmed."), "success")
    return redirect(url_for("orders.show", cycle_id=order_cycle.id))
